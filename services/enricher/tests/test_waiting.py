"""A start waits for what others still make, but not for ever, and never for what is wrong."""

import pytest

from tacho_contracts.errors import ContractError
from tacho_enricher.waiting import NotThereYet, patiently


def test_what_comes_late_is_found() -> None:
    answers = iter([NotThereYet("no broker"), NotThereYet("no topic"), "found"])

    def look() -> str:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    told: list[str] = []
    assert patiently(look, 60, told.append) == "found"
    assert told == ["no broker", "no topic"]


def test_what_never_comes_is_an_error_with_its_own_words() -> None:
    def look() -> str:
        raise NotThereYet("no broker answers at nowhere:1")

    with pytest.raises(ContractError, match="nowhere:1"):
        patiently(look, 0, print)


def test_what_is_wrong_is_not_waited_for() -> None:
    asked = []

    def look() -> str:
        asked.append(1)
        raise ContractError("line 3 is no car")

    with pytest.raises(ContractError, match="line 3"):
        patiently(look, 60, print)
    assert len(asked) == 1
