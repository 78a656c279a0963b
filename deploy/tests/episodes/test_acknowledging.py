import pytest

from tacho.episodes.acknowledging import absent, car_of, require_words
from tacho.errors import UsageError

ID = "1000001-17/harsh-braking"


def test_an_id_names_its_car() -> None:
    assert car_of(ID) == 1_000_001


@pytest.mark.parametrize(
    "text", ["", "17/speeding", "1000001-17", "1000001-x/speeding", f" {ID}", f"{ID}\n", "1000001-17/Speeding", "1-1/a"]
)
def test_text_of_another_form_is_no_episode(text: str) -> None:
    with pytest.raises(UsageError, match="is no episode"):
        car_of(text)


def test_a_note_may_have_as_many_characters_as_are_kept_and_no_more() -> None:
    require_words("--note", "ä" * 500, 500)
    with pytest.raises(UsageError, match="501 characters"):
        require_words("--note", "x" * 501, 500)


@pytest.mark.parametrize("text", ["a\nb", "\x1b[2J", "a\u202eb", "a\x00", "\udc80"])
def test_what_could_command_a_terminal_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="control character"):
        require_words("--note", text, 500)


def test_an_absent_id_comes_with_the_nearest_ones_of_its_car_first() -> None:
    known = ["1000001-18/harsh-braking", "1000001-900/speeding", "1000002-17/harsh-braking"]
    said = str(absent(ID, known))
    assert "did you mean 1000001-18/harsh-braking" in said
    assert "1000002" not in said


def test_an_absent_id_of_an_unknown_car_comes_with_what_looks_like_it() -> None:
    assert "1000002-17/harsh-braking" in str(absent(ID, ["1000002-17/harsh-braking", "9999999-1/lugging"]))
    assert "`tacho episodes` lists them" in str(absent(ID, []))
