"""Terraform as a process: a stand-in that writes down how it was called, and once the real one."""

import json
import os
import shutil
import signal
import sys
from pathlib import Path
from typing import Any

import pytest

from tacho.aws.adapters.terraform import TerraformProcess
from tacho.aws.target import Target
from tacho.errors import TachoError

STAND_IN = """#!{python}
import json, os, sys, time
from pathlib import Path
here = Path(__file__).parent
words = sys.argv[1:]
if words[0] == "version":
    print(json.dumps({{"terraform_version": os.environ.get("STAND_IN_VERSION", "1.11.4")}}))
    sys.exit(0)
with (here / "calls").open("a") as calls:
    calls.write(json.dumps({{"words": words, "data": os.environ["TF_DATA_DIR"]}}) + "\\n")
command = words[1]
if command == os.environ.get("STAND_IN_FAILS"):
    print(os.environ["STAND_IN_SAYS"], file=sys.stderr)
    sys.exit(1)
if command == os.environ.get("STAND_IN_WAITS"):
    try:
        (here / "waiting").touch()
        time.sleep(30)
    except KeyboardInterrupt:
        (here / "wrote its state").touch()
        sys.exit(1)
if command == "show":
    print(json.dumps({{"resource_changes": []}}))
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """stages/ and env/ as the repository has them, and a stand-in for Terraform in bin/."""
    for stage in ("00-state", "20-msk"):
        (tmp_path / "stages" / stage).mkdir(parents=True)
        (tmp_path / "stages" / stage / "variables.tf").write_text('variable "vpc_id" {}\n', encoding="utf-8")
    (tmp_path / "env" / "dev").mkdir(parents=True)
    (tmp_path / "env" / "dev.tfvars").write_text("", encoding="utf-8")
    (tmp_path / "env" / "dev" / "20-msk.tfvars").write_text("", encoding="utf-8")
    program = tmp_path / "bin" / "terraform"
    program.parent.mkdir()
    program.write_text(STAND_IN.format(python=sys.executable), encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    return tmp_path


def calls(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "bin" / "calls").read_text(encoding="utf-8").splitlines()]


def terraform(folder: Path, target: Target) -> TerraformProcess:
    return TerraformProcess(folder, folder / "work", target)


def test_a_stage_is_planned_in_its_folder_with_its_backend_and_all_variable_files(folder: Path, target: Target) -> None:
    plan = terraform(folder, target).plan("20-msk", {"vpc_id": "vpc-1"})
    init, planned, show = (call["words"] for call in calls(folder))
    chdir = f"-chdir={folder}/stages/20-msk"
    assert init[:3] == [chdir, "init", "-input=false"]
    assert [word for word in init if word.startswith("-backend")] == [
        "-backend-config=bucket=tacho-dev-state-123456789012",
        "-backend-config=key=20-msk/terraform.tfstate",
        "-backend-config=region=eu-central-1",
        "-backend-config=use_lockfile=true",
    ]
    handed = folder / "work" / "20-msk" / "handed.tfvars.json"
    assert [word.removeprefix("-var-file=") for word in planned if word.startswith("-var-file=")] == [
        f"{folder}/env/dev.tfvars",
        f"{folder}/env/dev/20-msk.tfvars",
        str(handed),
    ]
    assert json.loads(handed.read_text(encoding="utf-8")) == {"vpc_id": "vpc-1"}
    assert show == [chdir, "show", "-no-color", "-json", str(plan.file)]
    assert calls(folder)[0]["data"] == f"{folder}/work/20-msk/data"


def test_the_first_stage_has_a_local_state_and_no_backend(folder: Path, target: Target) -> None:
    made = terraform(folder, target)
    made.apply("00-state", made.plan("00-state", {}))
    init, planned, _, applied = (call["words"] for call in calls(folder))
    assert not [word for word in init if word.startswith("-backend")]
    assert f"-state={made.first_state}" in planned
    assert f"-state={made.first_state}" in applied


def test_a_destroy_is_a_plan_too(folder: Path, target: Target) -> None:
    terraform(folder, target).plan("20-msk", {}, destroy=True)
    assert "-destroy" in calls(folder)[1]["words"]


@pytest.mark.parametrize(
    ("command", "says", "sentence"),
    [
        (
            "plan",
            "\n│ Error: Invalid value for variable\n│ \n│ size is demo or standard.\n",
            "could not plan 20-msk: Invalid value for variable. size is demo or standard.",
        ),
        (
            "apply",
            "Error: creating MSK Cluster: no quota",
            "20-msk is only half done: creating MSK Cluster: no quota. What was made is kept; run the same",
        ),
        (
            "plan",
            "Error: Error acquiring the state lock\n  ID:        abc-1\n",
            "state of 20-msk is locked: .* `terraform force-unlock abc-1`",
        ),
        ("init", "Error: No valid credential sources found", "no usable AWS credentials for 20-msk"),
        ("init", "", "could not init 20-msk: it did not say why"),
    ],
)
def test_what_terraform_says_becomes_one_sentence(
    folder: Path, target: Target, monkeypatch: pytest.MonkeyPatch, command: str, says: str, sentence: str
) -> None:
    monkeypatch.setenv("STAND_IN_FAILS", command)
    monkeypatch.setenv("STAND_IN_SAYS", says)
    made = terraform(folder, target)
    with pytest.raises(TachoError, match=sentence) as caught:
        made.apply("20-msk", made.plan("20-msk", {}))
    assert "\n" not in str(caught.value)


def test_an_old_terraform_is_refused(folder: Path, target: Target, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STAND_IN_VERSION", "1.9.8")
    with pytest.raises(TachoError, match=r"Terraform 1\.9\.8 is too old: install 1\.11 or newer"):
        terraform(folder, target).require()


def test_a_missing_terraform_is_refused(folder: Path, target: Target, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(folder))
    with pytest.raises(TachoError, match="Terraform is missing"):
        terraform(folder, target).require()


def test_a_stage_without_files_is_named(folder: Path, target: Target) -> None:
    with pytest.raises(TachoError, match="30-emr holds no stage"):
        terraform(folder, target).declared("30-emr")
    assert terraform(folder, target).declared("20-msk") == {"vpc_id"}


def test_ctrl_c_is_handed_on_and_terraform_may_write_its_state(
    folder: Path, target: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = terraform(folder, target)
    plan = made.plan("20-msk", {})
    monkeypatch.setenv("STAND_IN_WAITS", "apply")

    def pressed(number: int, frame: object) -> None:
        if (folder / "bin" / "waiting").exists():
            raise KeyboardInterrupt
        signal.setitimer(signal.ITIMER_REAL, 0.05)

    before = signal.signal(signal.SIGALRM, pressed)
    signal.setitimer(signal.ITIMER_REAL, 0.05)
    try:
        with pytest.raises(KeyboardInterrupt):
            made.apply("20-msk", plan)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert (folder / "bin" / "wrote its state").exists()


@pytest.mark.skipif(shutil.which("terraform") is None, reason="Terraform is not installed")
def test_the_real_terraform_takes_a_stage_up_and_down(tmp_path: Path, target: Target) -> None:
    """A stage without any provider: flags, files and the local state are Terraform's own."""
    stage = tmp_path / "stages" / "00-state"
    stage.mkdir(parents=True)
    (stage / "main.tf").write_text(
        'variable "account_id" {}\nresource "terraform_data" "x" { input = var.account_id }\n'
        'output "state_bucket" { value = terraform_data.x.output }\n',
        encoding="utf-8",
    )
    made = TerraformProcess(tmp_path, tmp_path / "work", target)
    plan = made.plan("00-state", {"account_id": "123456789012"})
    assert plan.content["resource_changes"][0]["change"]["actions"] == ["create"]
    made.apply("00-state", plan)
    state = json.loads(made.first_state.read_text(encoding="utf-8"))
    assert state["outputs"]["state_bucket"]["value"] == "123456789012"
    assert not list(stage.glob("*.tfstate"))
    made.apply("00-state", made.plan("00-state", {"account_id": "123456789012"}, destroy=True))
    assert json.loads(made.first_state.read_text(encoding="utf-8"))["resources"] == []
