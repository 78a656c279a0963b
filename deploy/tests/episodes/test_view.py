import json

from rich.console import Console

from deploy.tests.episodes.made import CAR, acknowledgement, event
from tacho.consume.lines import as_json
from tacho.episodes.fold import fold
from tacho.episodes.view import as_object, table

ID = f"{CAR}-17/speeding"


def shown(*rows: object, width: int = 200) -> str:
    console = Console(width=width)
    with console.capture() as capture:
        console.print(table(list(rows)))  # type: ignore[arg-type]
    return capture.get()


def test_a_row_tells_what_an_operator_asks_for() -> None:
    (row,) = fold([event(state="CLOSED")], [acknowledgement(ID)])
    line = shown(row).splitlines()[1]
    for part in ("recovered", "warning", ID, "11-18 11:06:40", "0:01:15", "152.2 (120)", "ada"):
        assert part in line
    assert "called the driver" in line


def test_no_text_of_a_record_commands_the_terminal_or_is_taken_for_markup() -> None:
    hostile = acknowledgement(ID, by="\x1b]0;x\x07", note="[bold]\x1b[2J")
    (row,) = fold([event(severity="\x1b[31m")], [hostile])
    text = shown(row)
    assert "\x1b" not in text
    assert "[bold]" in text


def test_the_object_holds_the_event_and_what_is_not_in_it() -> None:
    (row,) = fold([event()], [acknowledgement(ID)])
    found = json.loads(as_json(as_object(row)))
    assert found["opened_at"] == "2026-11-18T11:06:40.000Z"
    assert (found["open"], found["lasted_seconds"], found["acknowledgements"]) == (True, 70.0, 1)
    assert found["acknowledged"] == {"by": "ada", "at": "2026-11-18T11:08:20.000Z", "note": "called the driver"}
