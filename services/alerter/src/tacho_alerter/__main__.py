"""`python -m tacho_alerter`: run until a signal; `... publish FILE`: put rules into force. See cli.py."""

import sys

from tacho_alerter.cli import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
