"""What a record of the topic faults comes to."""

import pytest

from tacho_contracts.codec import Codec
from tacho_contracts.errors import Rejected
from tacho_contracts.examples import Example, iter_examples
from tacho_producer.faults.switches import SHARES, Switch, switch_of

EXAMPLES = list(iter_examples("FaultSwitch"))


def switch(**told: object) -> tuple[str, Switch | None]:
    record = {"name": "late", "on": True, "at": 1, "by": "x", "share": None, "car_id": None, **told}
    return switch_of(str(record["name"]).encode(), record)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_the_published_examples_are_taken_or_refused_for_their_reason(example: Example) -> None:
    record = Codec("FaultSwitch").decode(Codec("FaultSwitch").encode(example.payload))
    key = (example.key or "").encode()
    if example.passes:
        assert switch_of(key, record)[0] == example.payload["name"]
    else:
        with pytest.raises(Rejected, match=str(example.reason)):
            switch_of(key, record)


def test_a_fault_that_is_off_has_no_switch() -> None:
    assert switch(on=False, share=0.3) == ("late", None)


def test_without_a_share_it_strikes_as_many_as_the_table_says() -> None:
    assert switch() == ("late", Switch(SHARES["late"], None))


def test_without_a_share_one_car_is_struck_all_the_time() -> None:
    assert switch(car_id=1_234_567) == ("late", Switch(1.0, 1_234_567))


def test_a_share_that_is_no_number_is_refused() -> None:
    with pytest.raises(Rejected, match="out-of-range"):
        switch(share=float("nan"))
