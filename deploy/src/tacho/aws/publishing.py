"""Publishing schema versions: what is missing, in order, and never one that some version could not read. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from tacho.aws.compatibility import flaws
from tacho.errors import TachoError
from tacho_contracts.schemas import WriterSchema, schema_fingerprint


@dataclass(frozen=True)
class Publication:
    """What is to be published of one record, oldest first."""

    record: str
    published: tuple[int, ...]
    missing: tuple[WriterSchema, ...]


def publication(record: str, ours: tuple[WriterSchema, ...], published: Mapping[int, str]) -> Publication:
    """Compare ours with what is published.

    Raises TachoError when a version could not read another, a published one is not ours, or numbers have gaps.
    """
    wrong = flaws({schema.version: schema.text for schema in ours})
    if wrong:
        raise TachoError(f"{record} is not published: {wrong[0]}. Fields come with defaults; a break is a new topic.")
    by_number = {schema.version: schema for schema in ours}
    if sorted(by_number) != list(range(1, len(ours) + 1)):
        raise TachoError(f"{record} has the versions {', '.join(map(str, sorted(by_number)))}: numbers have a gap.")
    for number, text in published.items():
        if number not in by_number:
            raise TachoError(f"{record} v{number} is published and not in schemas/avro: use the release that has it.")
        if schema_fingerprint(text) != by_number[number].fingerprint:
            raise TachoError(
                f"{record} v{number} was published with other fields than ours: released files never change."
            )
    return Publication(
        record, tuple(sorted(published)), tuple(schema for schema in ours if schema.version not in published)
    )
