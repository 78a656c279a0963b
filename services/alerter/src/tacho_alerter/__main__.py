"""`python -m tacho_alerter`: settings and rules from the environment, then run until a signal."""

import sys

from pydantic import ValidationError

from tacho_alerter.app import create_app
from tacho_alerter.rules_file import RulesError, load_rules
from tacho_alerter.settings import Settings, first_mistake
from tacho_alerter.worker import run
from tacho_contracts.catalogue import load_catalogue
from tacho_contracts.connection import connection_from_environment
from tacho_contracts.errors import ContractError

if __name__ == "__main__":
    try:
        settings = Settings()
        rules = load_rules(settings.rules, load_catalogue())
        app = create_app(settings, connection_from_environment(), rules)
    except (ValidationError, RulesError, ContractError) as error:
        print(first_mistake(error), file=sys.stderr)
        sys.exit(2)
    run(app)
