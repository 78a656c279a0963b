"""The way to the live page: the right port of the right container, and nothing left open behind."""

import json
import shutil
import subprocess
from collections.abc import Callable, Sequence
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from tacho.aws.adapters.tunnel import Tunnel, target
from tacho.errors import TachoError

TASK = {
    "taskArn": "arn:aws:ecs:eu-central-1:123456789012:task/tacho-dev/abc",
    "containers": [{"name": "dashboard", "runtimeId": "1"}, {"name": "tunnel", "runtimeId": "2"}],
}
SIDECAR = "ecs:tacho-dev_abc_2"
Ran = Callable[[Sequence[str]], int]


def test_a_tunnel_goes_to_the_sidecar() -> None:
    assert target("tacho-dev", TASK) == SIDECAR
    with pytest.raises(TachoError, match="no running container tunnel"):
        target("tacho-dev", {**TASK, "containers": []})


def forwarded(monkeypatch: pytest.MonkeyPatch, plugin: Ran) -> None:
    """Forward port 9000 with this plugin; whatever becomes of it, the session is ended."""
    keys = {"aws_access_key_id": "x", "aws_secret_access_key": "x"}
    ssm: Any = boto3.client("ssm", region_name="eu-central-1", **keys)  # type: ignore[call-overload]
    monkeypatch.setattr(shutil, "which", lambda name: f"/bin/{name}")
    monkeypatch.setattr(subprocess, "run", lambda words, check: subprocess.CompletedProcess(words, plugin(words)))
    request = {
        "Target": SIDECAR,
        "DocumentName": "AWS-StartPortForwardingSession",
        "Parameters": {"portNumber": ["8080"], "localPortNumber": ["9000"]},
    }
    with Stubber(ssm) as stub:
        stub.add_response("start_session", {"SessionId": "s-1", "StreamUrl": "wss://x", "TokenValue": "t"}, request)
        stub.add_response("terminate_session", {"SessionId": "s-1"}, {"SessionId": "s-1"})
        said: list[str] = []
        try:
            Tunnel(ssm, "eu-central-1").forward("tacho-dev", TASK, 9000, said.append)
        finally:
            stub.assert_no_pending_responses()
            assert said == ["http://127.0.0.1:9000 until Ctrl-C"]


def test_the_plugin_is_told_the_session_and_what_was_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    words: list[str] = []

    def plugin(given: Sequence[str]) -> int:
        words.extend(given)
        return 0

    forwarded(monkeypatch, plugin)
    name, session, region, verb, profile, request = words
    assert (name, region, verb, profile) == ("/bin/session-manager-plugin", "eu-central-1", "StartSession", "")
    assert json.loads(session) == {"SessionId": "s-1", "StreamUrl": "wss://x", "TokenValue": "t"}
    assert json.loads(request)["Target"] == SIDECAR


def test_ctrl_c_ends_the_session_and_is_no_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(words: Sequence[str]) -> int:
        raise KeyboardInterrupt

    forwarded(monkeypatch, interrupted)


def test_a_tunnel_that_breaks_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(TachoError, match="The tunnel broke"):
        forwarded(monkeypatch, lambda words: 1)


def test_without_the_plugin_no_session_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(TachoError, match="session-manager-plugin is missing: install it"):
        Tunnel(None, "eu-central-1").forward("tacho-dev", TASK, 9000, pytest.fail)  # type: ignore[arg-type]


def test_an_agent_that_has_not_called_yet_is_told_from_a_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    keys = {"aws_access_key_id": "x", "aws_secret_access_key": "x"}
    ssm: Any = boto3.client("ssm", region_name="eu-central-1", **keys)  # type: ignore[call-overload]
    monkeypatch.setattr(shutil, "which", lambda name: f"/bin/{name}")
    with Stubber(ssm) as stub:
        stub.add_client_error("start_session", "TargetNotConnected")
        with pytest.raises(TachoError, match="cannot be reached yet: it calls within a minute"):
            Tunnel(ssm, "eu-central-1").forward("tacho-dev", TASK, 9000, pytest.fail)
