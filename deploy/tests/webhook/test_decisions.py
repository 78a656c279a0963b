import pytest

from deploy.tests.episodes.made import event
from tacho.errors import UsageError
from tacho.webhook.choice import Told, Wanted
from tacho.webhook.endpoint import require_endpoint, shown
from tacho.webhook.event import body_of, headers_of, key_of
from tacho.webhook.trying import Answer, answer_of, pause_seconds


@pytest.mark.parametrize(
    "url",
    [
        "https://desk.example.org/x",
        "http://localhost:8080/x",
        "http://127.0.0.1/x",
        "http://127.9.9.9",
        "http://[::1]:1/",
    ],
)
def test_https_goes_anywhere_and_http_to_this_machine(url: str) -> None:
    require_endpoint(url, allow_http=False)


@pytest.mark.parametrize(
    "url", ["http://desk.example.org", "http://localhost.example.org", "http://10.0.0.1/", "http://0.0.0.0/"]
)
def test_http_to_another_machine_must_be_allowed(url: str) -> None:
    with pytest.raises(UsageError, match="--allow-http"):
        require_endpoint(url, allow_http=False)
    require_endpoint(url, allow_http=True)


@pytest.mark.parametrize(
    "url",
    ["", "desk.example.org", "ftp://a/", "https://", "https://a:99999/", "https://a/\nb", "https://a b/", "https://[/"],
)
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(UsageError, match="not usable"):
        require_endpoint(url, allow_http=True)


def test_an_address_with_a_password_is_refused_and_not_repeated() -> None:
    with pytest.raises(UsageError) as refused:
        require_endpoint("https://ada:hunter2@desk.example.org/", allow_http=True)
    assert "hunter2" not in str(refused.value)


def test_an_address_is_shown_without_its_path_and_query() -> None:
    assert shown("https://desk.example.org:8443/hook/s3cret?token=x") == "https://desk.example.org:8443"
    assert shown("http://[::1]/s3cret") == "http://[::1]"


def test_each_status_has_its_meaning() -> None:
    meaning = {status: answer_of(status) for status in range(100, 600)}
    assert {status for status, answer in meaning.items() if answer is Answer.TAKEN} == set(range(200, 300))
    assert {status for status, answer in meaning.items() if answer is Answer.REFUSED} == set(range(400, 500)) - {
        408,
        429,
    }


def test_pauses_double_from_a_second_to_a_minute_and_chance_takes_up_to_half() -> None:
    assert [pause_seconds(failures, 0.0) for failures in range(1, 8)] == [2, 4, 8, 16, 32, 60, 60]
    assert [pause_seconds(failures, 1.0) for failures in (1, 2, 10_000)] == [1, 2, 30]


def test_an_event_is_wanted_from_its_severity_on_and_of_its_rule() -> None:
    assert Wanted("warning").takes(event())
    assert not Wanted("critical").takes(event())
    assert Wanted("critical").takes(event(severity="critical"))
    assert not Wanted(rule="lugging").takes(event())


def test_what_was_delivered_is_known_with_all_before_it() -> None:
    told = Told(remembered=2)
    told.add(event(1, revision=2))
    assert told.knows(event(1, revision=2))
    assert told.knows(event(1, revision=1))
    assert not told.knows(event(1, revision=3))
    told.add(event(2))
    told.add(event(3))
    assert not told.knows(event(1, revision=1))


def test_a_repeat_has_the_same_key_and_the_same_bytes() -> None:
    assert (key_of(event()), body_of(event())) == ("1000001-17/speeding#1", body_of(event()))


def test_without_a_secret_a_request_is_not_signed() -> None:
    assert "X-Tacho-Signature" not in headers_of(b"{}", "k#1", None, 1)
    assert headers_of(b"{}", "k#1", b"secret", 1)["X-Tacho-Signature"].startswith("t=1,v1=")
