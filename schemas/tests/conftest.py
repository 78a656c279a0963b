"""What the contract tests share."""

import pytest

from tacho_contracts.catalogue import Catalogue, load_catalogue


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load_catalogue()
