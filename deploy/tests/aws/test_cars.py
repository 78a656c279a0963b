"""`tacho aws cars` as it is typed: one job, waited for, and its CSV, for people and for programs."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from deploy.tests.aws.conftest import NoTime
from deploy.tests.aws.typed import DATA_BUCKET, Call, put_up
from tacho.aws.commands import cars as command
from tacho.aws.spark_job import CARS, ENRICHER, SparkJob

CSV = b"car_id,driver_id,model_id,color_id\n6750068,100000001,1,2\n2887804,100000002,3,4\n"
KEY = "data/dims/cars/cars.csv"


class PaperJobs:
    """A job that writes the CSV some looks after its start, or ends with `fails`."""

    def __init__(self, write: Callable[[], None], fails: str = "", alive: bool = False) -> None:
        self.write = write
        self.fails = fails
        self.looks = 3
        self.names = {ENRICHER: "s-0"} | ({CARS: "s-1"} if alive else {})
        self.submitted: list[SparkJob] = []

    def alive(self) -> dict[str, str]:
        return self.names

    def submit(self, job: SparkJob) -> str:
        self.submitted.append(job)
        return "s-1"

    def outcome(self, job: str) -> str | None:
        assert job == "s-1"
        self.looks -= 1
        if self.looks:
            return None
        if not self.fails:
            self.write()
        return self.fails


@pytest.fixture
def jobs(account: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[..., PaperJobs]:
    """An account with Spark up, and jobs to be told how they go."""
    put_up(account, "10-foundation", bucket_name=DATA_BUCKET)
    put_up(account, "30-emr", emr_cluster_id="j-1")
    monkeypatch.setattr(command, "Clock", NoTime)
    monkeypatch.setattr(command, "version_here", lambda: "0.1.0-abc")
    monkeypatch.setattr(command, "uploaded", lambda *_: None)
    monkeypatch.setattr(command, "spark_job", lambda _, name, __, arguments: SparkJob(name, "s3://b", arguments))

    def made(**how: Any) -> PaperJobs:
        paper = PaperJobs(lambda: account.put_object(Bucket=DATA_BUCKET, Key=KEY, Body=CSV), **how)
        monkeypatch.setattr(command, "jobs_of", lambda _: paper)
        return paper

    return made


def test_the_job_is_submitted_and_waited_for_and_its_csv_is_shown(jobs: Callable[..., PaperJobs], call: Call) -> None:
    paper = jobs()
    code, out, _ = call("aws", "cars", "--cars", "2", "--seed", "7")
    assert code == 0
    assert out.splitlines()[-3:] == CSV.decode().splitlines()
    (job,) = paper.submitted
    assert job.arguments == (CARS, "--cars", "2", "--seed", "7", "--dims", f"s3://{DATA_BUCKET}/data/dims")


def test_for_programs_it_prints_json_and_nothing_else(jobs: Callable[..., PaperJobs], call: Call) -> None:
    jobs()
    code, out, _ = call("aws", "cars", "--json")
    assert (code, [row["car_id"] for row in json.loads(out)]) == (0, [6750068, 2887804])


def test_cars_that_are_there_are_shown_and_made_anew_only_when_asked(
    account: Any, jobs: Callable[..., PaperJobs], call: Call
) -> None:
    paper = jobs()
    account.put_object(Bucket=DATA_BUCKET, Key=KEY, Body=CSV.splitlines(keepends=True)[0])
    code, out, _ = call("aws", "cars")
    assert (code, paper.submitted) == (0, [])
    assert f"s3://{DATA_BUCKET}/{KEY} is there; --again makes it anew" in out
    assert call("aws", "cars", "--again")[1].endswith(CSV.decode())


def test_a_job_that_ctrl_c_left_behind_is_waited_for(jobs: Callable[..., PaperJobs], call: Call) -> None:
    paper = jobs(alive=True)
    assert call("aws", "cars")[1] == CSV.decode()
    assert paper.submitted == []


def test_a_job_that_fails_is_one_sentence(jobs: Callable[..., PaperJobs], call: Call) -> None:
    jobs(fails="failed: no such file; its log is below s3://b/logs/emr/")
    code, _, err = call("aws", "cars")
    assert (code, err) == (
        1,
        "tacho: The cars job failed (failed: no such file; its log is below s3://b/logs/emr/).\n",
    )
