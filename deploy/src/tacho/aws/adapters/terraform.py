"""Terraform as a process: one stage folder, its backend, its variables, its plan."""

import json
import os
import re
import shutil
import signal
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tacho.aws.adapters.state_store import state_key
from tacho.aws.stages import STATE
from tacho.aws.states import declared_variables
from tacho.aws.target import Target
from tacho.errors import TachoError

OLDEST = (1, 11)
_ERROR = re.compile(r"^[│|\s]*Error: (.+)$", re.M)
_LOCK_ID = re.compile(r"ID:\s+(\S+)")


@dataclass(frozen=True)
class SavedPlan:
    """A plan in a file, and what Terraform says of it."""

    file: Path
    content: Mapping[str, Any]


class TerraformProcess:
    """Runs Terraform for one deployment. `work`: plans, generated variables and provider folders, a folder a stage."""

    def __init__(self, folder: Path, work: Path, target: Target) -> None:
        self._folder = folder
        self._work = work
        self._target = target
        self._program = shutil.which("terraform")

    @property
    def first_state(self) -> Path:
        """The local state of 00-state."""
        return self._work / STATE / "terraform.tfstate"

    def require(self) -> None:
        """Raise TachoError unless Terraform is there and new enough."""
        if self._program is None:
            raise TachoError("Terraform is missing: install 1.11 or newer (developer.hashicorp.com/terraform/install).")
        said = subprocess.run([self._program, "version", "-json"], capture_output=True, text=True, check=False).stdout
        version = str(json.loads(said[said.find("{") :] or "{}").get("terraform_version", "0.0"))
        if tuple(int(part) for part in version.split(".")[:2]) < OLDEST:
            raise TachoError(f"Terraform {version} is too old: install 1.11 or newer.")

    def declared(self, stage: str) -> frozenset[str]:
        """Names of the stage's variables. Raises TachoError when its folder is not there."""
        files = {path.name: path.read_text(encoding="utf-8") for path in self._stage(stage).glob("*.tf")}
        if not files:
            raise TachoError(f"{self._stage(stage)} holds no stage: set TACHO_TERRAFORM to the folder of stages/.")
        return declared_variables(files)

    def plan(self, stage: str, variables: Mapping[str, Any], destroy: bool = False) -> SavedPlan:
        """Initialise the stage and save a plan of it. Raises TachoError with Terraform's first error."""
        work = self._work / stage
        work.mkdir(parents=True, exist_ok=True)
        self._run(stage, "init", "-reconfigure", *self._backend(stage))
        handed, file = work / "handed.tfvars.json", work / "plan"
        handed.write_text(json.dumps(variables, indent=1, sort_keys=True), encoding="utf-8")
        options = [f"-var-file={path}" for path in (*self._variable_files(stage), handed)]
        self._run(stage, "plan", *self._local(stage), f"-out={file}", *options, *(("-destroy",) if destroy else ()))
        return SavedPlan(file, json.loads(self._run(stage, "show", "-json", str(file))))

    def apply(self, stage: str, plan: SavedPlan) -> None:
        """Do what the plan says, on the terminal. Raises TachoError when it was not done to the end."""
        self._run(stage, "apply", *self._local(stage), str(plan.file), shown=True)
        plan.file.unlink(missing_ok=True)

    def _stage(self, stage: str) -> Path:
        return self._folder / "stages" / stage

    def _variable_files(self, stage: str) -> list[Path]:
        env = self._folder / "env"
        files = (env / f"{self._target.environment}.tfvars", env / self._target.environment / f"{stage}.tfvars")
        return [path for path in files if path.is_file()]

    def _backend(self, stage: str) -> list[str]:
        if stage == STATE:
            return []
        settings = {
            "bucket": self._target.state_bucket,
            "key": state_key(stage),
            "region": self._target.region,
            "use_lockfile": "true",
        }
        return [f"-backend-config={name}={value}" for name, value in settings.items()]

    def _local(self, stage: str) -> list[str]:
        return [f"-state={self.first_state}"] if stage == STATE else []

    def _run(self, stage: str, command: str, *options: str, shown: bool = False) -> str:
        self.require()
        plain = [] if command == "show" else ["-input=false"]
        arguments = [str(self._program), f"-chdir={self._stage(stage)}", command, *plain, "-no-color", *options]
        env = {**os.environ, "TF_DATA_DIR": str(self._work / stage / "data"), "TF_IN_AUTOMATION": "1"}
        code, out, said = _finished(arguments, env, shown)
        if code:
            raise TachoError(_why(stage, command, said))
        return out


def _finished(arguments: Sequence[str], env: Mapping[str, str], shown: bool) -> tuple[int, str, str]:
    """Exit code, output and errors. Ctrl-C is handed on, and Terraform is awaited: it writes its state at the end."""
    pipe = None if shown else subprocess.PIPE
    process = subprocess.Popen(
        arguments, env=dict(env), stdout=pipe, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    interrupted = False
    while True:
        try:
            out, said = process.communicate()
            break
        except KeyboardInterrupt:
            interrupted = True
            process.send_signal(signal.SIGINT)
    if interrupted:
        raise KeyboardInterrupt
    return process.returncode, out or "", said


def _why(stage: str, command: str, said: str) -> str:
    """Terraform's first error in one sentence, and what to do."""
    first = _ERROR.search(said)
    reason = first[1].rstrip(".:") if first else (said.strip().splitlines() or ["it did not say why"])[-1]
    if "state lock" in reason:
        lock = _LOCK_ID.search(said)
        return (
            f"The state of {stage} is locked: another `tacho aws` may be at work. If none is, "
            f"`terraform force-unlock {lock[1] if lock else 'ID'}` in {stage} frees it."
        )
    if ("Provider" in reason and "configuration" in reason) or "credential" in reason.lower():
        return f"Terraform has no usable AWS credentials for {stage}: {reason}."
    if command == "apply":
        return f"{stage} is only half done: {reason}. What was made is kept; run the same command again to finish it."
    return f"Terraform could not {command} {stage}: {reason}.{_detail(said, first)}"


def _detail(said: str, first: re.Match[str] | None) -> str:
    """The explanation below an error, in one line: a variable's own message is there."""
    if first is None:
        return ""
    lines = [line.strip("│| ╵╷").strip() for line in said[first.end() :].splitlines()]
    text = " ".join(line for line in lines if line and not line.startswith("on ") and "├" not in line)
    return f" {text[:400]}" if text else ""
