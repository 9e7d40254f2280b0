"""Pages of stage finals."""
