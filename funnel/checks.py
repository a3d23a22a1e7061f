"""System checks: what a host forgot, in sentences."""
