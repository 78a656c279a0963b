"""A port of a task on this machine, through Systems Manager."""

import json
import shutil
import subprocess
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

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

    def forward(self, cluster: str, task: Mapping[str, Any], port: int) -> None:
        """Forward `port` to the page until Ctrl-C. Raises TachoError without the plugin, or when it fails."""
        plugin = shutil.which(_PLUGIN)
        if plugin is None:
            raise TachoError(f"{_PLUGIN} is missing: install it from the Systems Manager guide of AWS.")
        parameters = {"portNumber": [str(PAGE_PORT)], "localPortNumber": [str(port)]}
        request = {"Target": target(cluster, task), "DocumentName": _DOCUMENT, "Parameters": parameters}
        session = self._client.start_session(**request)
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


def target(cluster: str, task: Mapping[str, Any]) -> str:
    """The sidecar in Systems Manager's words: its agent is reached, and the containers of a task share their ports."""
    for container in task["containers"]:
        if container["name"] == SIDECAR and container.get("runtimeId"):
            return f"ecs:{cluster}_{task['taskArn'].rpartition('/')[2]}_{container['runtimeId']}"
    raise TachoError(f"The task has no running container {SIDECAR}: add it to the service in 40-services.")
