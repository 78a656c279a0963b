"""`tacho`: the command line. Exit code: 0 done, 1 it failed with a sentence, 2 it was asked for wrongly."""

import sys

from tacho.cli import app
from tacho.errors import TachoError
from tacho_contracts.errors import ContractError


def main() -> int:
    """Run one command and turn what went wrong into a sentence and an exit code."""
    try:
        app()
    except TachoError as error:
        print(f"tacho: {error}", file=sys.stderr)
        return error.exit_code
    except ContractError as error:
        print(f"tacho: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
