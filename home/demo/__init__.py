"""The demo site: its content as files, and what loads it."""
