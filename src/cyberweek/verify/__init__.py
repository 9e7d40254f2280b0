"""The verifier: a stranger's check of a contest, from its export alone.

It imports the arithmetic of `knowledge.core`, `draws.core` and `kernel.core`, the standard library, msgspec and cryptography; no
Django, no database, nothing that writes. `cyberweek verify` and `python -m cyberweek.verify` are the same command.
"""
