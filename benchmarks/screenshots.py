"""`python -m benchmarks.screenshots FOLDER`: pictures of every view, light and dark, narrow and wide, of rehearsed
fleets or, with --address, of a dashboard that runs."""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Browser, Page

from benchmarks.browsing import THEMES, VIEWS, Dashboard, launched, show
from tacho.errors import TachoError

SIZES = {"narrow": (360, 780), "wide": (1440, 900)}
FLEETS = (20, 1000)
_DRAWN_MS = 1500
"""Frames of a second and a half: every spark line and chart has been drawn by then."""


def take(browser: Browser, address: str, folder: Path, prefix: str, first_car: str) -> list[Path]:
    """Pictures of every view at this address, named <prefix>-<view>-<theme>-<size>.png."""
    taken = []
    for theme in THEMES:
        for size, (width, height) in SIZES.items():
            context = browser.new_context(color_scheme=theme, viewport={"width": width, "height": height})
            page = context.new_page()
            for view in VIEWS:
                name = view.partition("/")[0]
                taken.append(folder / f"{prefix}-{name}-{theme}-{size}.png")
                _picture(page, address, f"car/{first_car}" if name == "car" else view, taken[-1])
            context.close()
    return taken


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code 0 when every picture was taken."""
    options = _options(arguments)
    options.folder.mkdir(parents=True, exist_ok=True)
    try:
        with launched() as browser:
            taken = _running(browser, options) if options.address else _rehearsed(browser, options)
    except TachoError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{len(taken)} pictures in {options.folder}")
    return 0


def _running(browser: Browser, options: argparse.Namespace) -> list[Path]:
    address = options.address.rstrip("/") + "/"
    return take(browser, address, options.folder, "live", options.car)


def _rehearsed(browser: Browser, options: argparse.Namespace) -> list[Path]:
    taken = []
    for cars in options.cars:
        with (
            tempfile.TemporaryDirectory(prefix="tacho-page-") as logs,
            Dashboard(Path(logs), "--cars", str(cars)) as one,
        ):
            taken += take(browser, one.address, options.folder, f"{cars}-cars", options.car)
    return taken


def _picture(page: Page, address: str, view: str, path: Path) -> None:
    show(page, address, view)
    page.wait_for_timeout(_DRAWN_MS)
    page.screenshot(path=path)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.screenshots", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--cars", type=int, nargs="+", default=FLEETS, help="sizes of the rehearsed fleets")
    parser.add_argument("--address", help="of a dashboard that runs, instead of rehearsing one")
    parser.add_argument("--car", default="1000001", help="whose view is taken; with --address one of its fleet")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
