import pytest

from tacho.errors import TachoError
from tacho.local.topics import require_same
from tacho_contracts.catalogue import load_catalogue

TOPIC = load_catalogue().topics["alert-data"]


def test_a_topic_as_the_catalogue_says_is_accepted() -> None:
    require_same(TOPIC, TOPIC.partitions, {**TOPIC.config, "segment.bytes": "1073741824"})


def test_another_partition_count_is_refused_with_both_numbers() -> None:
    with pytest.raises(TachoError, match="has 3 partitions and the catalogue says 6"):
        require_same(TOPIC, 3, TOPIC.config)


def test_another_retention_is_refused_by_its_name() -> None:
    with pytest.raises(TachoError, match=r"retention\.ms=1 "):
        require_same(TOPIC, TOPIC.partitions, {**TOPIC.config, "retention.ms": "1"})
