"""The screen saves work and changes nothing: what is sent for a batch is what its records give one by one."""

import random
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))
from encoded import ENRICHED, calm, consumed, damaged, odd

from tacho_alerter.judge import Judge
from tacho_alerter.progress import Progress
from tacho_alerter.rules import Rule, RuleSet
from tacho_alerter.rules_file import load_rules, numeric_fields
from tacho_alerter.screen import FEWEST_RECORDS, Screen
from tacho_alerter.settings import PACKAGED_RULES
from tacho_contracts.catalogue import load_catalogue

SEED = load_rules(PACKAGED_RULES, load_catalogue())
FIELDS = numeric_fields()
numbers = (
    st.integers(-10, 10).map(float) | st.sampled_from([63.0, 120.0, 6000.0, 2.0**31, 2.0**53]) | st.floats(-1e4, 1e4)
)
bounds = st.none() | numbers | st.sampled_from(FIELDS)
made_rules = st.builds(
    Rule,
    id=st.sampled_from(["a", "b", "c"]),
    field=st.sampled_from(FIELDS),
    low=bounds,
    high=bounds,
    exempt=st.frozensets(numbers, max_size=3),
    severity=st.just("info"),
    topics=st.sampled_from([(), ("alerts-safety",)]),
)
rule_sets = st.just(SEED) | st.lists(made_rules, max_size=4).map(lambda rules: RuleSet(tuple(rules), "v"))


def judged(rules, records, size):
    """Everything sent and counted, the records handed over in batches of this size."""
    progress = Progress()
    judge = Judge(rules, progress)
    sent = [out for start in range(0, len(records), size) for out in judge.outgoing(records[start : start + size])]
    return sent, progress


def log_of(chance, count):
    """A log in which calm samples, odd ones and damaged ones alternate at random."""
    for number in range(count):
        value = ENRICHED.encode(calm(number) if chance.random() < 0.4 else odd(chance, number))
        yield damaged(chance, value) if chance.random() < 0.3 else value


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**32), rule_sets)
def test_a_batch_of_anything_gives_what_its_records_give_one_by_one(seed, rules):
    chance = random.Random(seed)
    records = consumed(list(log_of(chance, FEWEST_RECORDS + chance.randrange(60))))
    assert judged(rules, records, len(records)) == judged(rules, records, 1)


@pytest.mark.parametrize("seed", range(8))
def test_every_damage_among_calm_samples_gives_what_it_gives_alone(seed):
    chance = random.Random(seed)
    values = [
        value
        for number in range(1500)
        for value in (ENRICHED.encode(calm(number)), damaged(chance, ENRICHED.encode(calm(number))))
    ]
    records = consumed(values)
    assert judged(SEED, records, len(records)) == judged(SEED, records, 1)


def test_a_record_cut_anywhere_is_not_completed_by_the_next_one():
    whole = ENRICHED.encode(calm())
    values = [part for at in range(len(whole)) for part in (whole[:at], whole[at:], whole)]
    records = consumed(values)
    sent, progress = judged(SEED, records, len(records))
    assert (sent, progress) == judged(SEED, records, 1)
    assert progress.dead_letters == 2 * len(whole) - 1


def test_only_what_breaks_a_rule_gets_a_closer_look_among_sound_samples():
    samples = [calm(number) for number in range(10_000)]
    samples[0]["speed"] = 120.5
    samples[8191]["rpm"] = 6001
    samples[8192]["gear"] = 2
    samples[9999]["gear"] = 6
    samples[5] |= {"speed": 120.0, "rpm": 6000, "gear": 0}
    assert list(Screen("EnrichedSample", SEED).suspects([ENRICHED.encode(sample) for sample in samples])) == [
        *(0, 8191, 8192, 9999)
    ]


def test_a_sample_without_what_a_rule_needs_gets_a_closer_look():
    values = [ENRICHED.encode(calm(number)) for number in range(FEWEST_RECORDS)]
    values[7] = ENRICHED.encode(calm() | {"gear_high": None})
    values[8] = ENRICHED.encode(calm() | {"brand_name": None, "driver_id": None, "expected_gear": None})
    assert list(Screen("EnrichedSample", SEED).suspects(values)) == [7]


def test_a_small_batch_is_judged_record_by_record():
    values = [ENRICHED.encode(calm(number)) for number in range(FEWEST_RECORDS)]
    screen = Screen("EnrichedSample", SEED)
    assert list(screen.suspects(values[1:])) == list(range(FEWEST_RECORDS - 1))
    assert list(screen.suspects(values)) == []


def test_a_rule_that_the_columns_cannot_answer_leaves_every_record_to_the_codec():
    values = [ENRICHED.encode(calm(number)) for number in range(100)]
    on_text = Rule("a", "brand_name", None, 1.0, frozenset(), "info", ())
    assert list(Screen("EnrichedSample", RuleSet((on_text,), "v")).suspects(values)) == list(range(100))


def test_a_version_that_is_not_among_the_writers_is_left_to_the_codec(tmp_path, monkeypatch):
    (tmp_path / "EnrichedSample").mkdir()
    (tmp_path / "EnrichedSample" / "v2.avsc").write_text(
        '{"type": "record", "name": "EnrichedSample", "namespace": "tacho", "fields": []}'
    )
    monkeypatch.setenv("TACHO_SCHEMAS", str(tmp_path))
    values = [ENRICHED.encode(calm(number)) for number in range(100)]
    assert list(Screen("EnrichedSample", SEED).suspects(values)) == list(range(100))


samples = st.fixed_dictionaries({name: st.integers(-10, 10).map(float) | numbers | st.just(np.nan) for name in FIELDS})


@given(made_rules, st.lists(samples, min_size=1, max_size=20))
def test_a_rule_says_the_same_of_columns_as_of_each_sample(rule, fleet):
    columns = {name: np.array([sample[name] for sample in fleet], np.float64) for name in FIELDS}
    assert rule.breaks(columns).tolist() == [rule.broken_limit(sample) is not None for sample in fleet]
