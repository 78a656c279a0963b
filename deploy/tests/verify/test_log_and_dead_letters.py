"""The log against the journal, and dead letters against the log."""

from typing import Any

MAZDA = 1_000_001


def counts(report: Any) -> dict[str, int]:
    return {kind.value: count for kind, count in report.findings.counts.items()}


def record_of(world: Any, topic: str, identity: str) -> Any:
    return next(r for r in world.topics.all(topic) if r.value and identity.encode() in r.value)


def change(world: Any, topic: str, record: Any, schema: str, **changes: Any) -> None:
    codec = world.codecs[schema]
    world.topics.replace(topic, record, value=codec.encode(codec.decode(record.value) | changes))


def test_a_swapped_order_in_the_log_is_out_of_order_and_not_where_the_broker_said(world):
    one, other = (record_of(world, "sensors-sample", f"1000001-{sequence}") for sequence in (4, 5))
    world.topics.swap("sensors-sample", one, other)
    found = counts(world.verify())
    assert found["differing"] == 2
    assert found["out_of_order"] >= 1


def test_a_sample_that_was_sent_and_never_confirmed_may_appear(world):
    late_word = world.sample(MAZDA, 41, 50.0)
    world.send(late_word, late_word["event_time"] + 40, acked=False)
    world.write_windows()
    report = world.verify()
    assert counts(report) == {}
    assert report.samples.enriched == 121


def test_a_sample_that_was_sent_and_never_confirmed_may_be_nowhere(world):
    world.journal.append("sent,1,1,1000001,41,1,50.0,2000,2\n")
    assert world.verify().ok


def test_a_sample_of_another_writer_is_recomputed_too(world):
    world.send(world.sample(7_654_321, 1, 130.5), 1_795_340_001_040, journalled=False)
    world.write_windows()
    report = world.verify()
    assert counts(report) == {}
    assert report.samples.other_writers == 1


def test_a_run_that_had_the_log_to_itself_may_hold_no_sample_that_no_journal_knows(world):
    world.send(world.sample(7_654_321, 1, 130.5), 1_795_340_001_040, journalled=False)
    world.alone = True
    report = world.write_windows().verify()
    assert counts(report) == {"unexpected": 1}
    assert report.to_dict()["offenders"]["unexpected"][0]["what"] == "is in no journal: sent before it was noted"


def test_a_confirmed_sample_absent_from_the_log_is_lost(world):
    world.journal.append("sent,1,1,1000001,41,1,50.0,2000,2\n")
    world.journal.append("acked,1000001,41,0,400\n")
    report = world.verify()
    assert counts(report) == {"lost": 1}
    assert report.to_dict()["offenders"]["lost"][0]["topic"] == "sensors-sample"


def test_a_log_that_holds_another_speed_than_the_journal_differs(world):
    place = next(i for i, line in enumerate(world.journal) if line.startswith("sent") and ",1000001,7," in line)
    world.journal[place] = world.journal[place].replace(",2007,", ",2008,")
    assert counts(world.verify()) == {"differing": 1}


def test_a_record_timestamp_other_than_the_journalled_one_differs(world):
    place = next(i for i, line in enumerate(world.journal) if line.startswith("sent") and ",1000001,7," in line)
    parts = world.journal[place].split(",")
    parts[2] = str(int(parts[2]) + 1)
    world.journal[place] = ",".join(parts)
    assert counts(world.verify()) == {"differing": 1}


def test_the_same_sample_twice_in_the_log_is_unexpected(world):
    record = record_of(world, "sensors-sample", "1000003-40")
    world.journal = [line for line in world.journal if ",1000003,40," not in line]
    world.topics.put("sensors-sample", record.key, record.value, record.timestamp)
    assert counts(world.verify()) == {"unexpected": 1}


def test_a_dead_letter_with_altered_bytes_differs(world):
    record = record_of(world, "dead-letters", "malformed-json")
    change(world, "dead-letters", record, "DeadLetter", value=b'{"event_id": "2"}')
    assert counts(world.verify()) == {"differing": 1}


def test_a_dead_letter_with_another_reason_of_the_catalogue_differs(world):
    record = record_of(world, "dead-letters", "malformed-json")
    change(world, "dead-letters", record, "DeadLetter", reason="unknown-format")
    assert counts(world.verify()) == {"differing": 1}


def test_a_bad_record_without_a_dead_letter_is_lost(world):
    world.topics.remove("dead-letters", record_of(world, "dead-letters", "tombstone"))
    assert counts(world.verify()) == {"lost": 1}


def test_a_dead_letter_for_a_good_sample_is_unexpected(world):
    world.dead_letter(record_of(world, "sensors-sample", "1000001-7"), "out-of-range")
    assert counts(world.verify()) == {"unexpected": 1}


def test_bytes_no_one_can_read_on_a_middle_topic_need_a_dead_letter(world):
    record = world.topics.put("samples-enriched", b"1000001", b"junk")
    assert counts(world.verify()) == {"lost": 1}
    world.dead_letter(record, "unknown-format", topic="samples-enriched", service="alerter")
    assert world.verify().ok
