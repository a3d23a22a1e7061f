"""What happens at the front door: a fresh site gets its first pages."""
