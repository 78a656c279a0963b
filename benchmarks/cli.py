"""`python -m benchmarks`: runs the workloads one after the other and writes the report."""

import argparse
import shlex
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks import alerting, drain, latency_run, producing, restoring, stateful
from benchmarks.contest import Say
from benchmarks.machine import describe
from benchmarks.profile import FULL, QUICK, Profile
from benchmarks.report import Section, write
from tacho.errors import TachoError

WORKLOADS: dict[str, Callable[[Profile, Path, Say], Section]] = {
    "producer": producing.measure,
    "enrich": drain.measure,
    "alerter": alerting.measure,
    "alerter-state": stateful.measure,
    "alerter-restore": restoring.measure,
    "latency": latency_run.measure,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code 0 when everything asked for ran."""
    options = _options(arguments)
    profile = (QUICK if options.quick else FULL).with_rounds(options.rounds)
    began, failed = time.monotonic(), []
    sections: list[Section] = []
    command = shlex.join(["python", "-m", "benchmarks", *(sys.argv[1:] if arguments is None else arguments)])
    for name in options.only or WORKLOADS:
        before = time.monotonic()
        with tempfile.TemporaryDirectory(prefix=f"tacho-bench-{name}-") as folder:
            try:
                sections.append(WORKLOADS[name](profile, Path(folder), _say(name)))
            except (TachoError, TimeoutError, RuntimeError) as error:
                failed.append(name)
                sections.append(Section(name, f"Workload {name}", f"It could not be measured: {error}"))
                _say(name)(f"failed: {error}")
        _say(name)(f"took {time.monotonic() - before:.0f} s")
    write(options.output, describe(command, time.monotonic() - began), sections)
    print(f"written: {options.output / 'benchmarks.md'}, {options.output / 'benchmarks.json'}")
    return 1 if failed else 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--output", type=Path, default=Path("docs"), help="folder of benchmarks.md and .json")
    parser.add_argument("--quick", action="store_true", help="small inputs: some fifteen minutes")
    parser.add_argument("--only", type=_names, metavar="NAME[,NAME]", help=f"of {', '.join(WORKLOADS)}")
    parser.add_argument("--rounds", type=int, help="rounds of every throughput workload")
    return parser.parse_args(arguments)


def _names(text: str) -> list[str]:
    names = [name.strip() for name in text.split(",")]
    unknown = [name for name in names if name not in WORKLOADS]
    if unknown:
        raise argparse.ArgumentTypeError(f"no workload {', '.join(unknown)}; there are {', '.join(WORKLOADS)}")
    return names


def _say(name: str) -> Say:
    return lambda text: print(f"{time.strftime('%H:%M:%S')} {name}: {text}", flush=True)
