"""What the measures have in common: a site to look at, its addresses, a browser, npm's programs."""
