"""Hooks of the editorial core."""
