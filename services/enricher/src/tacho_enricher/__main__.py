"""`python -m tacho_enricher`: run the queries the environment names."""

import sys

from tacho_contracts.connection import connection_from_environment
from tacho_contracts.errors import ContractError
from tacho_enricher.job import run
from tacho_enricher.settings import settings_from_environment


def main() -> int:
    """Exit code: 0 stopped when asked to, 1 a query failed, 2 settings, contracts or checkpoint cannot be used."""
    try:
        return run(settings_from_environment(), connection_from_environment())
    except ContractError as error:
        print(f"tacho-enricher: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
