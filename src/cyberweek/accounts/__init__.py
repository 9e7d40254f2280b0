"""People who organise: sign-in, second factor."""
