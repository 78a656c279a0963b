"""A port of a task on this machine, through Systems Manager."""

import json
import shutil
import subprocess
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from tacho.aws.adapters.sentences import code_of
from tacho.errors import TachoError

if TYPE_CHECKING:
    from mypy_boto3_ssm import SSMClient

PAGE_PORT = 8080
SIDECAR = "tunnel"
_DOCUMENT = "AWS-StartPortForwardingSession"
_PLUGIN = "session-manager-plugin"


class Tunnel:
    """Forwards ports with AWS's own plugin, which speaks the protocol."""

    def __init__(self, client: "SSMClient", region: str) -> None:
        self._client: Any = client
        self._region = region

    def forward(self, cluster: str, task: Mapping[str, Any], port: int, say: Callable[[str], None]) -> None:
        """Forward `port` to the page until Ctrl-C. Raises TachoError without the plugin, or when it fails."""
        plugin = shutil.which(_PLUGIN)
        if plugin is None:
            raise TachoError(f"{_PLUGIN} is missing: install it from the Systems Manager guide of AWS.")
        parameters = {"portNumber": [str(PAGE_PORT)], "localPortNumber": [str(port)]}
        request = {"Target": target(cluster, task), "DocumentName": _DOCUMENT, "Parameters": parameters}
        session = self._started(request)
        say(f"http://127.0.0.1:{port} until Ctrl-C")
        told = {key: session[key] for key in ("SessionId", "StreamUrl", "TokenValue")}
        arguments = [plugin, json.dumps(told), self._region, "StartSession", "", json.dumps(request)]
        try:
            done = subprocess.run(arguments, check=False)
        except KeyboardInterrupt:
            return
        finally:
            self._client.terminate_session(SessionId=session["SessionId"])
        if done.returncode:
            raise TachoError("The tunnel broke; the plugin's own words are above.")

    def _started(self, request: Mapping[str, Any]) -> Mapping[str, Any]:
        try:
            return dict(self._client.start_session(**request))
        except ClientError as error:
            if code_of(error) == "TargetNotConnected":
                raise TachoError(
                    "The agent of the tunnel cannot be reached yet: it calls within a minute of the task's start, so "
                    "try again; if it stays so, see whether 15-egress is up (`tacho aws status`)."
                ) from error
            raise


def target(cluster: str, task: Mapping[str, Any]) -> str:
    """The sidecar in Systems Manager's words: its agent is reached, and the containers of a task share their ports."""
    for container in task["containers"]:
        if container["name"] == SIDECAR and container.get("runtimeId"):
            return f"ecs:{cluster}_{task['taskArn'].rpartition('/')[2]}_{container['runtimeId']}"
    raise TachoError(f"The task has no running container {SIDECAR}: add it to the service in 40-services.")
