"""Plain functions that make rows for tests; each gives sensible values for whatever the test does not name."""
