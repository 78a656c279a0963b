"""Whether two contenders put out the same records. Pure.

An output is, for each topic and key, the sequence of its values: order across keys is no contender's promise.
Values are kept as 64-bit hashes, salted anew for each process; equal sequences mean equal bytes.
"""

from array import array
from collections.abc import Mapping

Output = Mapping[tuple[str, bytes], "array[int]"]


def record_hash(value: bytes) -> int:
    """The hash that stands for a value in an Output."""
    return hash(value)


def count(output: Output) -> int:
    """Records in all topics."""
    return sum(len(values) for values in output.values())


def difference(reference: Output, output: Output, complete: bool) -> str | None:
    """A sentence on the first difference, or None.

    A contender that was stopped early (`complete` false) must have put out, for each key, the beginning of what
    the reference has.
    """
    for (topic, key), values in output.items():
        expected = reference.get((topic, key))
        place = f"{topic}, key {key.decode(errors='replace')}"
        if expected is None:
            return f"{place}: {len(values)} records where none belongs"
        if values != expected[: len(values)]:
            return f"{place}: record {_first_other(expected, values) + 1} is another one"
        if complete and len(values) < len(expected):
            return f"{place}: {len(values)} records of {len(expected)}"
    missing = reference.keys() - output.keys()
    if complete and missing:
        topic, key = min(missing)
        return f"{topic}, key {key.decode(errors='replace')}: no record, and so for {len(missing)} keys in all"
    return None


def _first_other(expected: "array[int]", values: "array[int]") -> int:
    for place, (one, other) in enumerate(zip(expected, values, strict=False)):
        if one != other:
            return place
    return min(len(expected), len(values))
