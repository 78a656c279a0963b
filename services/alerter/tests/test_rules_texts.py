"""A text that is no sound rules text, by accident or on purpose, is refused and does no harm."""

import sys
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))
from rules_texts import CATALOGUE, GOOD, only, parse, refusal

from tacho_alerter.rules.reading import RulesError, load_rules, parse_rules
from tacho_alerter.settings import PACKAGED_RULES


@pytest.mark.parametrize(
    ("written", "complaint"),
    [
        ("10:30", "YAML takes '10:30' for int; write a decimal number of at most 15 digits, or quote it if it is text"),
        ("0x1F", "YAML takes '0x1F' for int"),
        ("0120", "YAML takes '0120' for int"),
        ("1_000", "YAML takes '1_000' for int"),
        ("9" * 16, "for int"),
        ("9" * 10_000, "for int"),
        (".nan", "YAML takes '.nan' for float"),
        (".inf", "for float"),
        ("1.0e+300", "for float"),
        ("on", "YAML takes 'on' for bool; write it otherwise, or quote it"),
        ("2026-11-25", "YAML takes '2026-11-25' for timestamp"),
        ("", "a value is missing; write it, or leave the key out"),
        ("~", "a value is missing"),
        ("!!python/object:os.system x", "the tag tag:yaml.org,2002:python/object:os.system is not allowed"),
        ("!!str 120", "is not allowed; leave it out"),
        ("&a 120", "anchors and aliases (& and *) are not allowed"),
        ("*a", "anchors and aliases"),
        ("{<<: {a: 1}}", "YAML takes '<<' for merge"),
        (r'"\UFFFFFFFF"', "an escape that is no character"),
        ("{? {a: 1} : 2}", "is no key; quote it"),
        ("{? [1] : 2}", "is no key; quote it"),
        ("[[[[[[[[[[1]]]]]]]]]]", "nested deeper than any rule is"),
        ("[" * 20_000, "nested deeper than any rule is"),
        ("{a: " * 10_000, "nested deeper than any rule is"),
    ],
)
def test_what_yaml_would_guess_at_or_blow_up_on_is_refused(written, complaint):
    assert complaint in refusal(GOOD.replace("120 km/h", written))


def test_a_model_called_no_must_be_quoted():
    assert "YAML takes 'No' for bool" in refusal(GOOD + ", limits: {models: {No: {above: 130}}}")
    assert "No" in only(GOOD + ', limits: {models: {"No": {above: 130}}}').levels.models


def test_there_are_at_most_64_rules_and_48_kilobytes():
    many = [GOOD.replace("speeding", f"speeding-{number}") for number in range(65)]
    assert len(parse(*many[:64]).rules) == 64
    assert "rules.yaml:66: there are more than 64 rules; take some out" in refusal(*many)
    assert "larger than 48 kB" in refusal(GOOD, head="#" * 48_000 + "\n")
    assert len(parse(GOOD, head="#" * 47_000 + "\n").rules) == 1


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "the text is empty"),
        ("rules: 1", "rules: 1 is no list"),
        ("[]", "the file is a mapping with keys"),
        ("{}", "the file is a mapping with keys"),
        ("wait: 1 s", "key 'rules' is missing"),
        ("rules: []\nmore: 1", "unknown key 'more' in the file"),
        ("rules: [", "not YAML: "),
        ("rules: []\n---\nrules: []", "a second document begins here"),
        ("rules:\n  - 7\n", "rule 'without id': a rule is a mapping with keys"),
        ("rules: [{id: [a, b]}]", "['a', 'b'] is no text"),
        ("wait: 61 s\nrules: []", "wait is longer than silent_after"),
        ("silent_after: 4 s\nrules: []", "wait is longer than silent_after"),
        ("silent_after: 0 s\nwait: 0 s\nrules: []", "silent_after: is 0"),
        ("rules: [\x07]", "not YAML: "),
    ],
)
def test_a_text_that_is_no_list_of_rules_is_refused(text, complaint):
    with pytest.raises(RulesError, match=r"^rules\.yaml:[0-9]+: ") as refused:
        parse_rules(text, "rules.yaml", CATALOGUE)
    assert complaint in str(refused.value)


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path):
    with pytest.raises(RulesError, match=r"none\.yaml: No such file or directory; name a readable file"):
        load_rules(tmp_path / "none.yaml", CATALOGUE)
    (tmp_path / "latin.yaml").write_bytes(b"rules: [] # \xe9")
    with pytest.raises(RulesError, match="not UTF-8"):
        load_rules(tmp_path / "latin.yaml", CATALOGUE)
    (tmp_path / "large.yaml").write_bytes("é".encode() * 40_000)
    with pytest.raises(RulesError, match="larger than 48 kB"):
        load_rules(tmp_path / "large.yaml", CATALOGUE)


SHIPPED = PACKAGED_RULES.read_text()
pieces = st.sampled_from(
    [*"[]{}:,-&*!?|>#%@'\"\\ \n\t0189.ax", "- id: x\n", "é", "\x00", "\ud800", "\\U00110000", "1e9"]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(SHIPPED)), st.integers(0, 8), pieces), min_size=1, max_size=4))
def test_a_text_that_is_damaged_anywhere_is_read_or_refused_and_nothing_else(damages):
    text = SHIPPED
    for at, length, piece in damages:
        text = text[:at] + piece + text[at + length :]
    with suppress(RulesError):
        parse_rules(text, "rules.yaml", CATALOGUE)


@given(st.text())
def test_any_text_is_read_or_refused(text):
    with pytest.raises(RulesError):
        parse_rules(text, "rules.yaml", CATALOGUE)
