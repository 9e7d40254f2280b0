"""`python -m cyberweek.verify` is the command `cyberweek verify`."""

import sys

from cyberweek.verify.command import verify

if __name__ == "__main__":
    sys.exit(verify(sys.argv[1:]))
