from array import array

from benchmarks.comparison import difference

REFERENCE: dict[tuple[str, bytes], "array[int]"] = {
    ("alert-data", b"1"): array("q", [1, 2, 3]),
    ("alert-data", b"2"): array("q", [4]),
}


def test_equal_outputs_do_not_differ() -> None:
    assert difference(REFERENCE, dict(REFERENCE), complete=True) is None


def test_another_value_is_found_at_its_place() -> None:
    other = REFERENCE | {("alert-data", b"1"): array("q", [1, 9, 3])}
    assert difference(REFERENCE, other, complete=True) == "alert-data, key 1: record 2 is another one"


def test_a_swapped_order_is_a_difference() -> None:
    other = REFERENCE | {("alert-data", b"1"): array("q", [2, 1, 3])}
    assert difference(REFERENCE, other, complete=True) is not None


def test_a_record_too_many_is_a_difference() -> None:
    other = REFERENCE | {("alert-data", b"2"): array("q", [4, 4])}
    assert difference(REFERENCE, other, complete=True) is not None


def test_a_missing_key_is_a_difference() -> None:
    other = {("alert-data", b"1"): array("q", [1, 2, 3])}
    assert difference(REFERENCE, other, complete=True) == "alert-data, key 2: no record, and so for 1 keys in all"


def test_a_contender_that_was_stopped_must_have_the_beginning_of_every_key() -> None:
    assert difference(REFERENCE, {("alert-data", b"1"): array("q", [1, 2])}, complete=False) is None
    assert difference(REFERENCE, {("alert-data", b"1"): array("q", [2, 3])}, complete=False) is not None


def test_a_record_on_a_topic_that_should_be_empty_is_a_difference() -> None:
    other = REFERENCE | {("dead-letters", b"x"): array("q", [5])}
    assert difference(REFERENCE, other, complete=True) == "dead-letters, key x: 1 records where none belongs"
