"""Participants: pseudonymous identity."""
