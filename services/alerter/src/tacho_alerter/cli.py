"""The command line: `run` (the default), `check`, `publish` and `backtest` a rules file."""

import argparse
import json
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from confluent_kafka import KafkaException
from pydantic import ValidationError

from tacho_alerter.backtest.command import backtest
from tacho_alerter.backtest.log_reading import BacktestRefused
from tacho_alerter.kafka_options import librdkafka_options
from tacho_alerter.logs import configure_logging
from tacho_alerter.publishing import PublishingRefused, parse_time, publish
from tacho_alerter.rules.reading import RulesError, load_rules, parse_rules, read_text
from tacho_alerter.rules_topic import RulesReader, RulesTopic
from tacho_alerter.settings import PACKAGED_RULES, Settings, first_mistake, variable
from tacho_alerter.waiting import BrokerError, wait_for_rules, wait_for_topics
from tacho_contracts.catalogue import load_catalogue
from tacho_contracts.connection import connection_from_environment
from tacho_contracts.errors import ContractError
from tacho_contracts.exposing import expose
from tacho_contracts.metrics import Exposition

_INTERRUPTED = 130


def main(arguments: Sequence[str]) -> int:
    """Do what the arguments say; the process's exit code: 0, 1 for a broker that is not there, 2 for a mistake."""
    options = _parser().parse_args(arguments)
    configure_logging()
    try:
        settings = Settings()
        if options.command == "check":
            rules = load_rules(options.file, load_catalogue())
            print(f"rules {rules.version}: {len(rules.rules)} rules, no mistake found")
            return 0
        if options.command == "publish":
            return _publish(options, settings)
        if options.command == "backtest":
            return _backtest(options, settings)
        return _run(settings)
    except (ValidationError, RulesError, ContractError, PublishingRefused, BacktestRefused) as error:
        print(first_mistake(error), file=sys.stderr)
        return 2
    except (BrokerError, KafkaException) as error:
        print(error if isinstance(error, BrokerError) else error.args[0].str(), file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="tacho_alerter", description=__doc__)
    commands = parser.add_subparsers(dest="command")
    commands.add_parser("run", help="judge samples until a signal")
    for name, text in (("check", "say what is wrong with a rules file"), ("publish", "put a rules file into force")):
        command = commands.add_parser(name, help=text)
        command.add_argument("file", type=Path, nargs="?", default=PACKAGED_RULES, help="the shipped rules without it")
    command.add_argument("--effective-at", help="event time from which it holds, ISO 8601; at least 60 s ahead")
    command.add_argument("--only-if-none", action="store_true", help="do nothing when some rules are published already")
    command = commands.add_parser("backtest", help="print as JSON what a rules file would have led to; sends nothing")
    command.add_argument("--rules", type=Path, required=True, help="the draft")
    command.add_argument("--since", help="only what came onto samples-enriched at or after this time, ISO 8601")
    command.add_argument("--until", help="only what came before this time, ISO 8601")
    command.add_argument("--top", type=int, default=10, help="how many cars are named")
    return parser


def _publish(options: argparse.Namespace, settings: Settings) -> int:
    asked = None if options.effective_at is None else parse_time(options.effective_at)
    catalogue = load_catalogue()
    text = read_text(options.file)
    rules = parse_rules(text, str(options.file), catalogue)
    connection = connection_from_environment()
    if not wait_for_topics(connection, settings.wait_seconds):
        return 0
    client = librdkafka_options(connection)
    print(publish(rules, text, asked, options.only_if_none, client, settings.group, catalogue))
    return 0


def _backtest(options: argparse.Namespace, settings: Settings) -> int:
    since, until = (None if text is None else parse_time(text) for text in (options.since, options.until))
    connection = connection_from_environment()
    # A broker that is away is the one sentence at the end; it is not waited for.
    client = librdkafka_options(connection) | {"error_cb": lambda _error: None}
    try:
        found = backtest(options.rules, since, until, options.top, client, settings.group, load_catalogue())
    except KafkaException as error:
        raise BrokerError(f"no Kafka broker answers at {connection.servers}: {error.args[0].str()}") from error
    except KeyboardInterrupt:
        return _INTERRUPTED
    print(json.dumps(found, ensure_ascii=False))
    return 0


def _run(settings: Settings) -> int:
    # Faust takes a second to import, which publishing rules need not wait for.
    from tacho_alerter.app import create_app
    from tacho_alerter.worker import run

    connection = connection_from_environment()
    shown = Exposition("alerter", version("tacho-alerter"))
    expose(shown, settings.metrics_host, settings.metrics_port, variable("metrics_port"))
    if not wait_for_topics(connection, settings.wait_seconds):
        return 0
    rules = RulesTopic(RulesReader(librdkafka_options(connection), settings.group, load_catalogue()))
    rules.start()
    if wait_for_rules(lambda: rules.fresh):
        run(create_app(settings, connection, rules, shown))
    rules.stop()
    return 0
