"""Pages of the public that compose several apps: they read, they never write."""
