"""The alerter's process with one fault: kill -9 at a point of a round (argv 1), after as many rounds as argv 2 says."""

import os
import signal
import sys

from tacho_alerter.app import create_app
from tacho_alerter.kafka_options import librdkafka_options
from tacho_alerter.rules_topic import RulesReader, RulesTopic
from tacho_alerter.settings import Settings
from tacho_alerter.waiting import wait_for_rules
from tacho_alerter.worker import run
from tacho_contracts.catalogue import load_catalogue
from tacho_contracts.connection import connection_from_environment
from tacho_contracts.metrics import Exposition

fatal, rounds = sys.argv[1], iter(range(int(sys.argv[2])))


def crash(point: str) -> None:
    if point == fatal and next(rounds, None) is None:
        os.kill(os.getpid(), signal.SIGKILL)


settings, connection = Settings(), connection_from_environment()
rules = RulesTopic(RulesReader(librdkafka_options(connection), settings.group, load_catalogue()))
rules.start()
wait_for_rules(lambda: rules.fresh)
sys.argv = sys.argv[:1]
run(create_app(settings, connection, rules, Exposition("alerter", "test"), crash))
