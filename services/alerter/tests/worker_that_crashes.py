"""The alerter's process with one fault: kill -9 between delivery and commit, after as many rounds as argv says."""

import os
import signal
import sys

from tacho_alerter.app import create_app
from tacho_alerter.rules.reading import load_rules
from tacho_alerter.settings import Settings
from tacho_alerter.worker import run
from tacho_contracts.catalogue import load_catalogue
from tacho_contracts.connection import connection_from_environment

rounds = iter(range(int(sys.argv[1])))


def crash() -> None:
    if next(rounds, None) is None:
        os.kill(os.getpid(), signal.SIGKILL)


settings = Settings()
sys.argv = sys.argv[:1]
run(create_app(settings, connection_from_environment(), load_rules(settings.rules, load_catalogue()), crash))
