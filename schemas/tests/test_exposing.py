"""What a process answers over HTTP: its metrics, whether it is alive and whether it does its work."""

import socket
import time
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse

import pytest
from pydantic import TypeAdapter, ValidationError

from tacho_contracts import exposing, health
from tacho_contracts.errors import ContractError
from tacho_contracts.exposing import HOST, Exposed, Port, expose
from tacho_contracts.metrics import EVENTS, Exposition


@pytest.fixture(autouse=True)
def nothing_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(health.VARIABLE, raising=False)
    monkeypatch.setattr(health, "_words", {})


@pytest.fixture(scope="module")
def shown() -> Exposition:
    return Exposition("alerter", "0.1.0")


@pytest.fixture(scope="module")
def exposed(shown: Exposition) -> Iterator[Exposed]:
    answers = expose(shown, HOST, free_port(), "TACHO_ALERTER_METRICS_PORT")
    assert answers is not None
    yield answers
    answers.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def ask(exposed: Exposed, path: str, method: str = "GET") -> tuple[HTTPResponse, str]:
    connection = HTTPConnection(HOST, exposed.port, timeout=10)
    connection.request(method, path)
    response = connection.getresponse()
    body = response.read().decode()
    connection.close()
    return response, body


def silent_for(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    later = {part: health.Word(word.reason, word.at - seconds) for part, word in health.words().items()}
    monkeypatch.setattr(health, "_words", later)


def test_metrics_are_answered_as_text(exposed: Exposed, shown: Exposition) -> None:
    shown.show(EVENTS, 7, "samples-enriched", "judged")
    response, body = ask(exposed, "/metrics")
    assert (response.status, response.headers["Content-Type"].partition(";")[0]) == (200, "text/plain")
    assert 'tacho_events_total{outcome="judged",service="alerter",topic="samples-enriched"} 7.0' in body
    assert 'tacho_build_info{service="alerter",version="0.1.0"} 1.0' in body


def test_a_process_that_has_said_nothing_yet_is_alive_and_not_ready(exposed: Exposed) -> None:
    assert ask(exposed, "/healthz")[0].status == 200
    response, body = ask(exposed, "/readyz")
    assert (response.status, body) == (503, "no status yet\n")


def test_a_process_is_ready_when_all_its_parts_are(exposed: Exposed) -> None:
    health.report("enrich", "")
    health.report("windows", "starting")
    response, body = ask(exposed, "/readyz")
    assert (response.status, body) == (503, "windows: starting\n")
    health.report("windows", "")
    assert ask(exposed, "/readyz")[0].status == 200


def test_a_process_that_is_not_ready_is_alive(exposed: Exposed) -> None:
    health.report("alerter", "no partition is assigned")
    assert ask(exposed, "/healthz")[0].status == 200


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_a_status_loop_that_stalled_is_unwell(exposed: Exposed, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    health.report("alerter", "")
    silent_for(monkeypatch, 31)
    response, body = ask(exposed, path)
    assert (response.status, body) == (503, "alerter: the last status is 31 s old\n")


def test_a_process_that_never_says_anything_is_unwell_in_the_end(shown: Exposition) -> None:
    now = [1000.0]
    answer = exposing.application(shown, lambda: now[0])
    seen: list[str] = []

    def healthz() -> str:
        answer({"REQUEST_METHOD": "GET", "PATH_INFO": "/healthz"}, lambda status, _headers: seen.append(status))
        return seen[-1]

    assert healthz() == "200 OK"
    now[0] += 31
    assert healthz() == "503 Service Unavailable"


@pytest.mark.parametrize("path", ["/metrics", "/healthz", "/readyz", "/"])
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"])
def test_nothing_can_be_changed(exposed: Exposed, method: str, path: str) -> None:
    response, body = ask(exposed, path, method)
    assert (response.status, response.headers["Allow"], body) == (405, "GET, HEAD", "GET or HEAD only\n")


@pytest.mark.parametrize("path", ["/metrics", "/healthz"])
def test_head_is_answered_without_a_body(exposed: Exposed, path: str) -> None:
    response, body = ask(exposed, path, "HEAD")
    assert (response.status, body) == (200, "")


def test_another_path_is_not_found(exposed: Exposed) -> None:
    assert ask(exposed, "/secrets")[0].status == 404


def test_a_crowd_of_slow_clients_is_let_go_and_the_next_one_is_served(
    exposed: Exposed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exposing._Handler, "timeout", 0.5)
    crowd = [socket.create_connection((HOST, exposed.port), timeout=10) for _ in range(3 * exposing.MOST_AT_ONCE)]
    deadline = time.monotonic() + 20
    while True:
        try:
            if ask(exposed, "/metrics")[0].status == 200:
                break
        except OSError:
            assert time.monotonic() < deadline
            time.sleep(0.2)
    for one in crowd:
        one.close()


def test_a_port_that_is_taken_is_said_with_what_to_set(shown: Exposition) -> None:
    with socket.socket() as other:
        other.bind((HOST, 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(ContractError, match=rf"TACHO_ALERTER_METRICS_PORT={port}.*free port, or to 0"):
            expose(shown, HOST, port, "TACHO_ALERTER_METRICS_PORT")


def test_without_a_port_nothing_is_opened(shown: Exposition) -> None:
    assert expose(shown, HOST, 0, "TACHO_ALERTER_METRICS_PORT") is None


def test_a_port_left_empty_is_none() -> None:
    port = TypeAdapter(Port)
    assert [port.validate_python(text) for text in ("", "0", "9104")] == [0, 0, 9104]
    for wrong in ("-1", "65536", "http"):
        with pytest.raises(ValidationError):
            port.validate_python(wrong)
