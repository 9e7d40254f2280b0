"""Activities: what is held where, by whom, for whom, and how it came to be published."""
