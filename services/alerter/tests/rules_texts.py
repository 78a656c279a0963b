"""Rules texts that the tests start from, and what becomes of them."""

import pytest

from tacho_alerter.rules.reading import RulesError, parse_rules
from tacho_contracts.catalogue import load_catalogue

CATALOGUE = load_catalogue()
GOOD = "id: speeding, measure: speed, above: 120 km/h, severity: warning"
LIMITS = "limits: {models: {BMW X5: {above: 130}}, cars: {1000001: {until: 110}}}"
OUTSIDE = "id: gear, measure: gear, outside: [gear_low, gear_high], severity: info"


def parse(*entries: str, head: str = ""):
    """The rules of these entries, each a mapping without its braces; `head` stands before them."""
    return parse_rules(f"{head}rules:\n" + "".join(f"  - {{{entry}}}\n" for entry in entries), "rules.yaml", CATALOGUE)


def only(entry: str):
    """The one rule of this entry."""
    (rule,) = parse(entry).rules
    return rule


def refusal(*entries: str, head: str = "") -> str:
    """Why these entries are refused."""
    with pytest.raises(RulesError) as refused:
        parse(*entries, head=head)
    return str(refused.value)
