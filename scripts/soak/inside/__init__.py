"""What runs with the environment of a site that is being tried."""
