"""`python -m benchmarks.results [FOLDER]`: drive a seeded fleet, verify it, and write what came of it."""

import argparse
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.cluster import REPOSITORY
from benchmarks.results.fleet_run import FleetRun
from benchmarks.results.package import load, write
from tacho.errors import TachoError
from tacho.local.stopping import Stopped, StopRequest

_INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code 0 when the package was written and the verifier is content."""
    options = _options(arguments)
    if options.draw:
        write(options.folder, load(options.folder))
        return 0
    # A run that does not come to its end leaves the package of the one before as it was.
    with tempfile.TemporaryDirectory(prefix="tacho-results-") as draft:
        run = FleetRun(Path(draft), options.cars, options.seconds, options.speed_up, options.seed, _say)
        try:
            with StopRequest() as stop:
                found = run.drive(stop)
        except Stopped:
            return _INTERRUPTED
        except TachoError as error:
            print(error, file=sys.stderr)
            return 1
        write(run.folder, found)
        shutil.copytree(draft, options.folder, dirs_exist_ok=True)
    print(f"results are in {options.folder}")
    return 0 if found["verifier"]["ok"] else 1


def _say(sentence: str) -> None:
    print(sentence, flush=True)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.results", description=__doc__)
    folder = REPOSITORY / "docs" / "results"
    parser.add_argument("folder", type=Path, nargs="?", default=folder, help="where the files go (docs/results)")
    parser.add_argument("--cars", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=1200.0, help="of driving (1200)")
    parser.add_argument("--speed-up", type=float, default=10.0, help="times the clock's pace (10)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--draw", action="store_true", help="drive nothing: text and plots anew from results.json")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
