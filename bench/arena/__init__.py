"""The bench of the arena: `python -m bench.arena` (`make bench`), `python -m bench.arena.large` (`make bench-large`)."""
