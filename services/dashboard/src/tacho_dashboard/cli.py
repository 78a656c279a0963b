"""The command line: `run` (the default) over the topics, `rehearse` over an invented fleet."""

import argparse
import asyncio
import sys
from collections.abc import Callable, Coroutine, Sequence
from importlib.metadata import version
from typing import Any

from pydantic import ValidationError

from tacho_contracts.catalogue import load_catalogue
from tacho_contracts.connection import connection_from_environment
from tacho_contracts.errors import ContractError
from tacho_contracts.exposing import expose
from tacho_contracts.metrics import Exposition
from tacho_dashboard.logs import configure_logging
from tacho_dashboard.model.picture import Picture
from tacho_dashboard.playback.kafka_past import KafkaPast
from tacho_dashboard.playback.past import Past
from tacho_dashboard.reading.reader import Reader
from tacho_dashboard.reading.status import SERVICE, StatusReporter
from tacho_dashboard.rehearsal.feed import Choice, Rehearsal
from tacho_dashboard.rehearsal.past import InventedPast
from tacho_dashboard.serving import PortTaken, listen, serve
from tacho_dashboard.settings import Settings, first_mistake, variable
from tacho_dashboard.web.app import Site
from tacho_dashboard.web.broadcast import Broadcast
from tacho_dashboard.web.playback import PlaybackRoutes
from tacho_dashboard.web.streams import Places

_OTHER_CONNECTIONS = 64
"""For files and JSON, beside the streams."""

Feeds = Callable[[Picture, Exposition], Sequence[Coroutine[Any, Any, None]]]
"""Begins what keeps a picture up to date."""


def main(arguments: Sequence[str]) -> int:
    """Do what the arguments say; the process's exit code: 0, or 2 for a mistake."""
    options = _parser().parse_args(arguments)
    configure_logging()
    try:
        settings = Settings()
        if options.command == "rehearse":
            return _rehearse(options, settings)
        return _run(settings)
    except (ValidationError, ContractError, PortTaken) as error:
        print(first_mistake(error), file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="tacho_dashboard", description=__doc__)
    commands = parser.add_subparsers(dest="command")
    commands.add_parser("run", help="serve the page until a signal")
    command = commands.add_parser("rehearse", help="serve the page over an invented fleet, without Kafka")
    command.add_argument("--cars", type=int, default=20)
    command.add_argument("--port", type=int, help="TACHO_DASHBOARD_PORT without it")
    command.add_argument("--seed", type=int, default=1, help="same seed, same fleet")
    command.add_argument("--speed-up", type=float, default=1.0, help="how fast time passes")
    command.add_argument("--hostile", action="store_true", help="texts that try to be more than text")
    command.add_argument("--quiet-after", type=float, metavar="SECONDS", help="nothing comes any more after so long")
    return parser


def _run(settings: Settings) -> int:
    connection = connection_from_environment()
    catalogue = load_catalogue()

    def feeds(picture: Picture, shown: Exposition) -> Sequence[Coroutine[Any, Any, None]]:
        expose(shown, settings.metrics_host, settings.metrics_port, variable("metrics_port"))
        reader = Reader(connection, catalogue.received_by(SERVICE), picture, settings.history_seconds)
        return reader.run(), StatusReporter(settings, connection, reader, shown).run()

    return _serve(settings, settings.port, feeds, KafkaPast(connection, catalogue.topics))


def _rehearse(options: argparse.Namespace, settings: Settings) -> int:
    choice = Choice(options.cars, options.seed, options.speed_up, options.hostile, options.quiet_after)
    past = InventedPast(choice.cars, choice.seed)
    return _serve(settings, options.port or settings.port, lambda picture, _: [Rehearsal(picture, choice).run()], past)


def _serve(settings: Settings, port: int, feeds: Feeds, past: Past) -> int:
    def empty() -> Picture:
        return Picture(settings.history_seconds, settings.cars)

    picture = empty()
    place = listen(settings.host, port, variable("port"))
    broadcast, places = Broadcast(picture), Places(settings.streams)
    shown = Exposition(SERVICE, version("tacho-dashboard"))
    playback = PlaybackRoutes(past, empty, Places(settings.playbacks), settings.playback_hours)
    app = Site(picture, broadcast, shown, places).app(*playback.routes())
    print(f"http://{settings.host}:{place.getsockname()[1]}/", flush=True)

    async def everything() -> None:
        beside = feeds(picture, shown)
        await serve(app, place, settings.streams + _OTHER_CONNECTIONS, broadcast.run(), *beside)

    asyncio.run(everything())
    return 0
