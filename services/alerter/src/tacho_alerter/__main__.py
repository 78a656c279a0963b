"""`python -m tacho_alerter`: settings and rules from the environment, then run until a signal."""

import sys

from pydantic import ValidationError

from tacho_alerter.app import create_app
from tacho_alerter.rules_file import RulesError, load_rules
from tacho_alerter.settings import Settings, first_mistake
from tacho_alerter.waiting import BrokerError, wait_for_topics
from tacho_alerter.worker import configure_logging, run
from tacho_contracts.catalogue import load_catalogue
from tacho_contracts.connection import connection_from_environment
from tacho_contracts.errors import ContractError

if __name__ == "__main__":
    configure_logging()
    try:
        settings = Settings()
        rules = load_rules(settings.rules, load_catalogue())
        connection = connection_from_environment()
        if not wait_for_topics(connection, settings.wait_seconds):
            sys.exit(0)
        app = create_app(settings, connection, rules)
    except (ValidationError, RulesError, ContractError) as error:
        print(first_mistake(error), file=sys.stderr)
        sys.exit(2)
    except BrokerError as error:
        sys.exit(str(error))
    run(app)
