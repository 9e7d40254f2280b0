"""Pages of the organisers that compose several apps: they read, they never write."""
