"""Runs in which faults were injected on purpose: what the journal says of them is expected, and nothing else."""

from typing import Any

import pytest

from deploy.tests.verify.by_hand import START, alerts_of
from tacho.verify.errors import CannotVerify
from tacho.verify.journal import Journal

MAZDA = 1_000_001
ALLOWED = "faults,allowed\n"
FAST = 126.0


def counts(report: Any) -> dict[str, int]:
    return {kind.value: count for kind, count in report.findings.counts.items()}


def whats(report: Any) -> list[str]:
    return [offender["what"] for kind in report.to_dict()["offenders"].values() for offender in kind]


def repeat(world: Any, announced: bool = True, confirmed: bool = True) -> None:
    """Send a sample, and again as the very same record; every stage but the windows answers both alike."""
    sample = world.sample(MAZDA, 41, FAST)
    at = sample["event_time"] + 40
    key, first = b"1000001", world.send(sample, at)
    second = world.topics.put("sensors-sample", key, first.value, first.timestamp)
    if announced:
        world.journal.append(f"extra,1,{at},{MAZDA},41,duplicate\n")
    if announced and confirmed:
        world.journal.append(f"extra-acked,duplicate,{second.partition},{second.offset}\n")
    world.topics.put("samples-enriched", key, world.codecs["EnrichedSample"].encode(world.enriched[-1]))
    for alert in alerts_of(world.enriched[-1]):
        if alert["rule"] != "fast-for-long":
            for topic in ("alert-data", *(["alerts-safety"] if alert["rule"] == "speeding" else [])):
                world.topics.put(topic, key, world.codecs["Alert"].encode(alert))
    world.write_windows()


def poison(world: Any, value: bytes, reason: str) -> Any:
    record = world.send_bad(value, reason)
    world.journal.append(f"extra,1,{START},{MAZDA},0,poison\n")
    world.journal.append(f"extra-acked,poison,{record.partition},{record.offset}\n")
    return record


@pytest.mark.parametrize("confirmed", [True, False])
def test_a_sample_sent_again_on_purpose_may_come_again_on_every_topic(world: Any, confirmed: bool) -> None:
    repeat(world, confirmed=confirmed)
    report = world.verify()
    assert counts(report) == {}
    assert (report.samples.sent_again, report.samples.enriched) == (1, 121)


def test_a_sample_sent_again_that_nobody_announced_is_unexpected_and_what_follows_is_repeated(world: Any) -> None:
    repeat(world, announced=False)
    found = counts(world.verify())
    assert found["unexpected"] == 1
    assert found["repeated"] >= 2


def test_one_repeat_that_was_announced_is_no_leave_for_two(world: Any) -> None:
    repeat(world)
    row = world.codecs["EnrichedSample"].encode(world.enriched[-1])
    world.topics.put("samples-enriched", b"1000001", row)
    assert counts(world.verify()) == {"repeated": 1}
    record = next(one for one in world.topics.all("sensors-sample") if f"{MAZDA}-41".encode() in (one.value or b""))
    world.topics.put("sensors-sample", record.key, record.value, record.timestamp)
    assert counts(world.verify())["unexpected"] == 1


def test_a_window_that_counts_a_sample_twice_is_wrong_though_it_was_sent_twice(world: Any) -> None:
    repeat(world)
    world.enriched.append(world.enriched[-1])
    assert set(counts(world.write_windows().verify())) == {"wrong_windows"}


def test_poison_that_ended_in_dead_letters_is_as_it_must_be(world: Any) -> None:
    poison(world, b"\xffgarbage", "unknown-format")
    impossible = {**world.sample(MAZDA, 9, 999.9), "car_id": -MAZDA}
    poison(world, world.codecs["SensorSample"].encode(impossible), "out-of-range")
    world.alone = True
    report = world.verify()
    assert counts(report) == {}
    assert (report.samples.poison, report.samples.other_writers) == (2, 0)


def test_poison_without_a_dead_letter_is_lost(world: Any) -> None:
    record = poison(world, b"\xffgarbage", "unknown-format")
    letter = next(one for one in world.topics.all("dead-letters") if record.value in (one.value or b""))
    world.topics.remove("dead-letters", letter)
    assert counts(world.verify()) == {"lost": 1}


def test_poison_that_the_broker_confirmed_and_the_log_does_not_hold_is_lost(world: Any) -> None:
    world.journal.append("extra-acked,poison,0,4000\n")
    report = world.verify()
    assert counts(report) == {"lost": 1}
    assert whats(report) == ["the broker confirmed this record of the fault poison, and it is not in the log"]


def test_a_good_sample_that_was_sent_as_poison_is_unexpected(world: Any) -> None:
    record = world.send(world.sample(MAZDA, 41, 50.0), START + 41_040, journalled=False)
    world.journal.append(f"extra-acked,poison,{record.partition},{record.offset}\n")
    report = world.write_windows().verify()
    assert counts(report) == {"unexpected": 1}
    assert whats(report) == ["was sent as one that no reader can use, and is good"]


def sent(*sequences: int) -> list[str]:
    return [f"sent,1,{START + n},{MAZDA},{n},{START},50.0,2000,3\n" for n in sequences]


def read(*lines: str) -> Journal:
    journal = Journal()
    journal.read("journal-00000001.csv", lines)
    return journal


def test_where_faults_are_allowed_a_car_may_be_sent_out_of_the_order_of_its_sequence() -> None:
    journal = read(ALLOWED, *sent(1, 3, 2, 5, 4), f"acked,{MAZDA},2,0,7\n")
    rows = [journal.find(MAZDA, sequence) for sequence in range(1, 7)]
    assert rows == [0, 2, 1, 4, 3, None]
    assert journal[2].offset == 7


@pytest.mark.parametrize("lines", [sent(1, 3, 2), [ALLOWED, *sent(1, 3, 2, 3)], [ALLOWED, *sent(1, 1)]])
def test_out_of_order_without_leave_or_a_sequence_used_twice_proves_nothing(lines: list[str]) -> None:
    with pytest.raises(CannotVerify, match="went back"):
        read(*lines)


def test_leave_is_given_for_one_segment() -> None:
    journal = read(ALLOWED, *sent(1, 3))
    with pytest.raises(CannotVerify, match="went back"):
        journal.read("journal-00000002.csv", sent(2))


def test_a_log_in_another_order_than_it_was_sent_is_out_of_order_even_if_it_is_that_of_the_sequence(world: Any) -> None:
    later, earlier = world.sample(MAZDA, 42, 50.0), world.sample(MAZDA, 41, 50.0)
    world.journal.insert(0, ALLOWED)
    for sample in (earlier, later):
        world.send(sample, later["event_time"] + 40, acked=False)
    world.journal[-2:] = world.journal[:-3:-1]
    assert counts(world.write_windows().verify()) == {"out_of_order": 1}
