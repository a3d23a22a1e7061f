"""One module per kind of resource; each lists its routes and handles them."""
