"""Conditions mean what docs/rules.md says, for one sample and for many at once, and nothing else can be written."""

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent))
from encoded import calm

from tacho_alerter.rules.condition_text import BadCondition, parse
from tacho_alerter.rules.conditions_for_columns import may_be_true
from tacho_alerter.rules.conditions_for_samples import truth_of


def truth(text, **changes):
    return truth_of(parse(text))(calm() | {"acceleration": 0.5} | changes)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("speed > 90", True),
        ("speed > 90.5", False),
        ("20 < speed < 60", False),
        ("80 < speed <= 90.5 != rpm", True),
        ("speed > 10 + 20 * 3", True),
        ("(10 + 20) * 3 > speed", False),
        ("10 - 5 - 3 == 2 and 8 / 4 / 2 == 1", True),
        ("-speed < -90 and - -speed > 90 and +speed > 90", True),
        ("not speed > 100 and rpm > 2000", True),
        ("not (speed > 90 and rpm > 2000)", False),
        ("speed > 100 and rpm > 0 or gear == 4", True),
        ("speed > 100 and (rpm > 0 or gear == 4)", False),
        ('brand_name == "BMW" and model_name != "X3"', True),
        ("late == false", True),
        ("not late", True),
        ("late or true", True),
        ("(speed > 50) == late", False),
        ("(speed > 50) != (rpm > 5000)", True),
        ("event_time < logged_at", True),
        ("acceleration == 0.5", True),
        ("speed\n  > 90\tand rpm>0", True),
    ],
)
def test_a_condition_reads_as_in_arithmetic_and_sql(text, expected):
    assert truth(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("gear_high > 1", None),
        ("not gear_high > 1", None),
        ("gear_high == gear_high", None),
        ("gear_high > 1 and speed > 1000", False),
        ("gear_high > 1 and speed > 1", None),
        ("speed > 1 and gear_high > 1", None),
        ("gear_high > 1 or speed > 1", True),
        ("gear_high > 1 or speed > 1000", None),
        ("-gear_high < 1", None),
        ("gear_high + 1 > 0", None),
        ("1 < gear_high < 3", None),
        ("200 < speed < gear_high", False),
        ('color_name == "red"', None),
        ('color_name != "red"', None),
        ("speed / 0 > 1", None),
        ("speed / (gear - gear) > 1", None),
        ("not 0 / 0 > 1", None),
        ("1 / (1 / 0) > 1", None),
    ],
)
def test_null_and_division_by_zero_make_it_unknown_as_in_sql(text, expected):
    assert truth(text, gear_high=None, color_name=None) is expected


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "cannot be read as a condition"),
        ("speed", "the whole condition needs true or false and has a number; compare it"),
        ('"BMW"', "the whole condition needs true or false and has text"),
        (
            "sped > 3",
            "'sped' is no field of EnrichedSample; write numbers without unit, text in quotes, or one of event_id",
        ),
        ("None == 3", "'None' is no field"),
        ("speed in brand_name", "'in' is no field"),
        ("speed is late", "'is' is no field"),
        ("lambda: 3", "'lambda' is no field"),
        ("abs(speed) > 3", "abs(...) is a call, and there are none"),
        ("speed (3) > 3", "speed(...) is a call"),
        ("speed(3)", "speed(...) is a call"),
        ('"a"(3) == 3', "only + - * /, comparisons"),
        ("speed.real > 3", "there are no attributes"),
        ("speed[0] > 3", "there are no indexes"),
        ("speed := 3", "':= 3' cannot be read"),
        ("speed = 3", "write == for equal"),
        ("speed > 3 && rpm > 3", "write and"),
        ("speed > 3 | rpm > 3", "write or"),
        ("! late", "write not"),
        ("brand_name == 'BMW'", "put text between double quotes"),
        (r'brand_name == "B\x4dW"', "put text between double quotes"),
        ('brand_name == f"{speed}"', "'f' is no field"),
        ('brand_name == "BMW', "put text between double quotes"),
        ('brand_name == "B" "MW"', "between"),
        ('"""a""" == brand_name', "between"),
        ("speed > 3 # 4", "'# 4' cannot be read"),
        ("speed > 1_000", "'_000' is no field"),
        ("speed > 0x10", "'x10' is no field"),
        ("speed > 1e3", "'e3' is no field"),
        ("speed > 2j", "'j' is no field"),
        ("speed > 007", "cannot be read as a condition"),
        (f"speed > {'9' * 40}", "has too many digits"),
        ("speed > 50 km/h", "'km' is no field of EnrichedSample; write numbers without unit"),
        ("speed ** 2 > 3", "cannot be read as a condition"),
        ("speed // 2 > 3", "cannot be read as a condition"),
        ("speed <> 2", "cannot be read as a condition"),
        ("speed > ", "cannot be read as a condition"),
        ("(speed > 3", "cannot be read as a condition"),
        ("speed > 3)", "cannot be read as a condition"),
        ("speed > 3, rpm > 3", "', rpm > 3' cannot be read"),
        ("speed > not late", "cannot be read as a condition"),
        ("ѕpeed > 3", "cannot be read"),
        ("speed > ³", "cannot be read"),
        ('brand_name > "A"', "> is for numbers; compare text with == or !="),
        ("late < true", "< is for numbers; compare true or false"),
        ("brand_name == 3", "== compares text with a number"),
        ("1 < speed == late", "== compares a number with true or false"),
        ("late + 1 > 3", "+ needs a number and has true or false; use numbers"),
        ("-late > 3", "- needs a number and has true or false"),
        ("not speed", "not needs true or false and has a number"),
        ("speed and late", "and needs true or false and has a number"),
        ("speed > 3 or rpm", "or needs true or false and has a number"),
    ],
)
def test_what_is_no_condition_is_refused_with_a_remedy(text, complaint):
    with pytest.raises(BadCondition) as refused:
        parse(text)
    assert complaint in str(refused.value)


@pytest.mark.parametrize(
    "text",
    [
        "(" * 17 + "speed > 3" + ")" * 17,
        "(" * 490,
        "not " * 17 + "late",
        "not " * 124 + "late",
        "speed > " + "-" * 490 + "1",
        "speed > 0" + "+1" * 16,
        "speed > 0" + "+1" * 240,
        "not (" * 16 + "late" + ")" * 16,
    ],
)
def test_what_nests_deeper_than_16_levels_is_refused(text):
    with pytest.raises(BadCondition, match="more than 16 levels deep"):
        parse(text)


def test_500_characters_and_16_levels_are_read():
    parse("(" * 16 + "speed > 3" + ")" * 16)
    parse("not " * 15 + "late")
    parse("speed > 0" + "+1" * 14)
    long = " and ".join(["speed > 1234"] * 29)
    parse(long + " " * (500 - len(long)))
    with pytest.raises(BadCondition, match="longer than 500 characters"):
        parse(long + " " * (501 - len(long)))


def test_columns_tell_apart_what_they_can():
    columns = {"speed": np.array([10.0, 100.0, 100.0]), "gear": np.array([1.0, 1.0, 0.0])}
    said = may_be_true(parse('speed > 50 and gear != 0 and brand_name == "BMW"'), columns, 3)
    assert said.tolist() == [False, True, False]
    assert may_be_true(parse("not (speed > 50 or rpm > 3)"), columns, 3).tolist() == [True, False, False]
