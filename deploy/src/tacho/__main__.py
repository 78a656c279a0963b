"""`tacho`: the command line. Exit code: 0 done, 1 it failed with a sentence, 2 it was asked for wrongly."""

import sys

from tacho.errors import TachoError, refused_by_system
from tacho_contracts.errors import ContractError

_INTERRUPTED = 130


def main() -> int:
    """Run one command and turn what went wrong into a sentence and an exit code."""
    try:
        # Read in here: it takes a second, in which Ctrl-C must be as quiet as later.
        import tacho.cli

        tacho.cli.app()
    except KeyboardInterrupt:
        return _INTERRUPTED
    except (TachoError, ContractError) as error:
        print(f"tacho: {error}", file=sys.stderr)
        return error.exit_code if isinstance(error, TachoError) else 2
    except OSError as error:
        print(f"tacho: {refused_by_system(error)}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
