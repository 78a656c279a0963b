"""Episodes and the alerts that wait, on the topics of a run: what the verifier says of each way they can be wrong."""

from typing import Any

from rich.console import Console

from deploy.tests.verify.by_hand import RULES_VERSION

NO_RULES = "rules: []"
NO_RULES_VERSION = "da506c8a9c8a"  # sha256sum of {"rules":[]}


def counts(report: Any) -> dict[str, int]:
    return {kind.value: count for kind, count in report.findings.counts.items()}


def events_of(world: Any, rule: str) -> list[tuple[Any, dict[str, Any]]]:
    decode = world.codecs["AlertEpisode"].decode
    records = [(record, decode(record.value)) for record in world.topics.all("alert-episodes")]
    return [(record, event) for record, event in records if event["rule"] == rule]


def test_the_run_has_episodes_of_each_kind_to_be_wrong_about(world):
    assert {event["rule"] for event in world.episodes} == {"speeding", "wrong-gear", "fast-for-long"}
    assert {event["state"] for event in world.episodes} == {"OPENED", "CLOSED"}


def test_an_event_of_an_episode_that_is_gone_is_lost(world):
    record, event = events_of(world, "speeding")[1]
    world.topics.remove("alert-episodes", record)
    report = world.verify()
    assert counts(report) == {"lost": 1}
    (offender,) = report.to_dict()["offenders"]["lost"]
    assert offender["id"] == f"{event['episode_id']}#{event['revision']}"


def test_an_event_with_another_figure_differs(world):
    record, event = events_of(world, "fast-for-long")[1]
    changed = event | {"samples": event["samples"] + 1}
    world.topics.replace("alert-episodes", record, value=world.codecs["AlertEpisode"].encode(changed))
    report = world.verify()
    assert counts(report) == {"differing": 1}
    assert report.to_dict()["offenders"]["differing"][0]["fields"] == ["samples"]


def test_an_event_too_many_is_unexpected(world):
    record, event = events_of(world, "speeding")[1]
    more = world.codecs["AlertEpisode"].encode(event | {"revision": 3})
    world.topics.put("alert-episodes", record.key, more)
    assert counts(world.verify()) == {"unexpected": 1}


def test_events_in_swapped_order_are_out_of_order(world):
    records = [record for record in world.topics.all("alert-episodes") if record.key == b"1000001"]
    world.topics.swap("alert-episodes", records[0], records[1])
    assert counts(world.verify()) == {"out_of_order": 1}


def test_a_repeated_event_is_allowed_only_after_a_restart(world):
    record, _ = events_of(world, "speeding")[0]
    world.topics.put("alert-episodes", record.key, record.value)
    report = world.verify()
    assert counts(report) == {"repeated": 1}
    assert not report.ok
    world.repeats_allowed = True
    assert world.verify().ok


def test_an_alert_that_waited_may_come_among_later_alerts_at_once_but_not_before_an_earlier_one_of_its_rule(world):
    waited = [r for r in world.topics.all("alert-data") if r.value and b"/fast-for-long" in r.value]
    mine = [record for record in waited if record.key == waited[0].key]
    for record in mine:
        world.topics.remove("alert-data", record)
    for record in mine:
        world.topics.put("alert-data", record.key, record.value)
    assert counts(world.verify()) == {}
    for record in mine[::-1]:
        world.topics.remove("alert-data", next(r for r in world.topics.all("alert-data") if r.value == record.value))
        world.topics.put("alert-data", record.key, record.value)
    assert counts(world.verify()) == {"out_of_order": len(mine) - 1}


def test_a_lost_alert_of_a_rule_that_waits_is_missed(world):
    waited = next(r for r in world.topics.all("alert-data") if r.value and b"/fast-for-long" in r.value)
    world.topics.remove("alert-data", waited)
    assert counts(world.verify()) == {"lost": 1}


def publish(world: Any, effective_at: int, text: str) -> None:
    version = RULES_VERSION if text == world.rules else NO_RULES_VERSION
    record = {"version": version, "effective_at": effective_at, "text": text}
    world.topics.put("alert-rules", version.encode(), world.codecs["RulesVersion"].encode(record))


def test_rules_that_were_published_go_before_the_file_of_the_run(world):
    publish(world, 0, world.rules)
    world.rules = NO_RULES
    assert counts(world.verify()) == {}


def test_what_is_no_version_of_the_rules_or_not_the_one_it_says_is_left_out(world):
    world.topics.put("alert-rules", b"x", b"garbage")
    publish(world, 0, "rules: [")
    publish(world, 0, "{wait: 1 s, rules: []}")
    assert counts(world.verify()) == {}


def test_a_version_that_begins_in_the_midst_changes_what_is_expected_from_then_on(world):
    publish(world, 0, world.rules)
    publish(world, world.enriched[-1]["event_time"] + 1, NO_RULES)
    assert counts(world.verify()) == {}
    publish(world, world.enriched[-1]["event_time"] - 10_000, NO_RULES)
    assert {"unexpected", "differing"} & counts(world.verify()).keys()


def test_the_report_shows_episodes_to_people(world):
    console = Console(width=200, record=True, file=open("/dev/null", "w"))  # noqa: SIM115
    console.print(world.verify().render())
    shown = console.export_text()
    assert "episodes opened" in shown
    assert "episodes closed: recovered" in shown
    assert "episodes open at the end" in shown
