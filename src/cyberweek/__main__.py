"""`python -m cyberweek` is the command `cyberweek`."""

import sys

from cyberweek.cli import main

if __name__ == "__main__":
    sys.exit(main())
