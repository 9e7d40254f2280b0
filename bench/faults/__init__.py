"""A crowd plays while everything is killed; afterwards nothing is lost and nothing is there twice."""
