"""Every test here is in the lane `terraform`, and is skipped, with the reason, where the tools are missing."""

from pathlib import Path

import pytest

from deploy.tests.terraform.tools import MissingToolError, find_tools

HERE = Path(__file__).parent


def _missing() -> str | None:
    try:
        find_tools()
    except MissingToolError as error:
        return str(error)
    return None


# First, so that -m sees the marks.
@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark this folder's tests; the hook is handed those of other folders too."""
    missing = _missing()
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.terraform)
            if missing:
                item.add_marker(pytest.mark.skip(reason=missing))
