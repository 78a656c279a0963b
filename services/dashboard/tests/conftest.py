"""A picture to feed."""

import pytest

from tacho_dashboard.model.picture import Picture


@pytest.fixture
def picture() -> Picture:
    """Nothing has been seen yet."""
    return Picture(history_samples=10, most_cars=5)
