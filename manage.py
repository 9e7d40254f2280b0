#!/usr/bin/env python3
"""Django's command line: `cyberweek manage …` for those who work in the source tree."""

import sys

from cyberweek.cli import main

if __name__ == "__main__":
    sys.exit(main(["manage", *sys.argv[1:]]))
