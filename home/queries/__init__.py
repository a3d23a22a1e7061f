"""What the front door asks about the site."""
