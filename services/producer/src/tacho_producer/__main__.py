"""`python -m tacho_producer`: settings, run, exit code."""

import sys

from tacho_contracts.errors import ContractError
from tacho_producer.cli import configure_logging, parse, stop_signal
from tacho_producer.errors import LogError, SettingsError
from tacho_producer.replay.service import replay
from tacho_producer.service import simulate
from tacho_producer.settings import load_settings


def main() -> int:
    """Exit codes: 0 done, 1 the log could not take everything, 2 unusable settings (one sentence on stderr)."""
    configure_logging()
    try:
        flags, recording = parse(sys.argv[1:])
        settings, stopping = load_settings(flags), stop_signal().is_set
        return replay(settings, recording, stopping) if recording else simulate(settings, stopping)
    except (SettingsError, ContractError) as error:
        print(f"tacho_producer: {error}", file=sys.stderr)
        return 2
    except LogError as error:
        print(f"tacho_producer: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
