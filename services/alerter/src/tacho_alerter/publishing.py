"""Publishing rules: a version of the rules file with the event time from which it holds."""

import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from confluent_kafka import KafkaError, Producer

from tacho_alerter.rules.reading import RulesError
from tacho_alerter.rules.ruleset import RuleSet
from tacho_alerter.rules_topic import RULES_BYTES, RULES_TOPIC, RulesReader
from tacho_contracts.catalogue import Catalogue
from tacho_contracts.codec import Codec

AHEAD_SECONDS = 60
"""No version may hold sooner: every worker must have it before the first sample it is for."""
USUAL_AHEAD_SECONDS = 90
FROM_THE_BEGINNING = 0
_SEND_SECONDS = 30.0


class PublishingRefused(Exception):
    """This version cannot be published so; the text says why and what to do. Nothing was sent."""


def effective_time(asked: int | None, versions: list[tuple[int, RuleSet]], now: int) -> int:
    """The event time, ms, from which a new version holds. Pure; raises PublishingRefused.

    asked: what the operator wants, None for the soonest usual; versions: those published so far; now: ms.
    """
    if not versions:
        return FROM_THE_BEGINNING if asked is None else asked
    soonest = now + AHEAD_SECONDS * 1000
    latest = max(effective_at for effective_at, _ in versions)
    if asked is None:
        asked = max(-(-(now + USUAL_AHEAD_SECONDS * 1000) // 1000) * 1000, latest + 1000)
    if asked < soonest:
        raise PublishingRefused(
            f"{iso(asked)} is nearer than {AHEAD_SECONDS} s: workers could judge samples from then on before they have "
            f"these rules; take {iso(soonest)} or later"
        )
    if asked <= latest:
        raise PublishingRefused(f"a version that holds from {iso(latest)} is published already; take a later time")
    return asked


def publish(
    rules: RuleSet,
    text: str,
    asked: int | None,
    only_if_none: bool,
    options: Mapping[str, Any],
    group: str,
    catalogue: Catalogue,
) -> str:
    """Append rules, and the text they were read from, to alert-rules; one sentence on what was done.

    Raises RulesError, PublishingRefused or KafkaException.
    """
    reader = RulesReader(options, group, catalogue)
    try:
        reader.read_to_the_end()
    finally:
        reader.close()
    versions = reader.versions
    newest = versions[-1][1].version if versions else None
    if newest == rules.version:
        return f"rules {rules.version} are published already"
    if newest is not None and only_if_none:
        return f"rules {newest} are published already; these ({rules.version}) were left alone"
    effective_at = effective_time(asked, versions, int(time.time() * 1000))
    record = {"version": rules.version, "effective_at": effective_at, "text": text}
    _send(Codec("RulesVersion", max_bytes=RULES_BYTES).encode(record), rules.version.encode(), options)
    since = "for all samples" if effective_at == FROM_THE_BEGINNING else f"from {iso(effective_at)} on"
    return f"rules {rules.version} published: {len(rules.rules)} rules, in force {since}"


def iso(milliseconds: int) -> str:
    """A time as people and flags write it, UTC."""
    return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def parse_time(text: str) -> int:
    """Milliseconds of an ISO 8601 time; without a zone it is UTC. Raises PublishingRefused."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise PublishingRefused(f"{text!r} is no time; write it as in 2026-11-25T18:00:00Z") from error
    return int((found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp() * 1000)


def _send(value: bytes, key: bytes, options: Mapping[str, Any]) -> None:
    errors: list[KafkaError] = []
    producer = Producer({**options, "acks": "all", "enable.idempotence": True, "message.timeout.ms": 20_000})
    producer.produce(RULES_TOPIC, value, key, on_delivery=lambda error, _: errors.append(error) if error else None)
    if producer.flush(_SEND_SECONDS) or errors:
        said = errors[0].str() if errors else "no answer"
        raise RulesError(f"{RULES_TOPIC}: the broker did not take the rules: {said}")
