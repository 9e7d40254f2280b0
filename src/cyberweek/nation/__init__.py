"""A simulated nation at real size: what the desk is measured with."""
