"""`python -m tacho_dashboard`: serve the page until a signal; `... rehearse`: over an invented fleet. See cli.py."""

import sys

from tacho_dashboard.cli import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
