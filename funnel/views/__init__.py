"""The plugin’s public pages, a module for each thing a visitor comes for."""
