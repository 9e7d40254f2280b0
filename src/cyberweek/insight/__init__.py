"""Figures of an edition: the live wall."""
