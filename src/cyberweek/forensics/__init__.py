"""Signs of cheating: published rules, flags that open to their evidence, never a silent ban."""
