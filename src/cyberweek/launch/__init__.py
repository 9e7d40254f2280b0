"""What starts and stops the parts of a running Cyberweek: embedded PostgreSQL, web, worker, crowd, demo.

Nothing below `cyberweek.cli` imports this package.
"""
