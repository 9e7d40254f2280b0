"""The signed archive that goes from one host to the next, and the comparison of years."""
