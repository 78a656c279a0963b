import socket

import pytest

from deploy.tests.webhook.receiver import HANG, Receiver
from tacho.webhook.posting import Endpoint, Unreachable


def test_the_answers_status_comes_back_and_the_connection_is_kept() -> None:
    with Receiver(201, 500) as receiver:
        endpoint = Endpoint(receiver.url)
        assert [endpoint.post(b"{}", {"X-Tacho-Event": "k#1"}) for _ in range(3)] == [201, 500, 200]
        assert len(receiver.callers) == 1


def test_a_redirect_is_not_followed() -> None:
    with Receiver(302) as receiver:
        assert Endpoint(receiver.url).post(b"{}", {}) == 302
        assert len(receiver.requests) == 1


def test_no_answer_in_time_is_unreachable() -> None:
    with Receiver(HANG) as receiver, pytest.raises(Unreachable, match="ReadTimeoutError"):
        Endpoint(receiver.url, read_seconds=0.1).post(b"{}", {})


def test_nobody_at_the_address_is_unreachable_and_its_path_stays_a_secret() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{unused.getsockname()[1]}/s3cret"
        with pytest.raises(Unreachable) as failed:
            Endpoint(address).post(b"{}", {})
    assert "s3cret" not in str(failed.value)
