"""The enricher on EMR is stopped between two batches and started with the checkpoint it had."""

import json
from typing import Any

import pytest

from tacho.aws.enricher import Enricher, Release
from tacho.aws.spark_job import ENRICHER, RELEASE_NOTE, STOP_MARKER, SparkJob
from tacho.errors import TachoError

JOB = SparkJob(ENRICHER, "s3://b/artifacts/enricher/1", environment={"TACHO_KAFKA_MODE": "iam"}, streaming=True)


class PaperJobs:
    """One job that ends when the marker is there, some looks later; or never."""

    def __init__(
        self, objects: dict[str, bytes], running: bool = False, ends: bool = True, starts: bool = True
    ) -> None:
        self.objects = objects
        self.running = "s-0" if running else None
        self.ends = ends
        self.starts = starts
        self.submitted: list[SparkJob] = []
        self.marker_at_start: bool | None = None
        self.cancelled: list[str] = []
        self.looks_left: int | None = None
        """After so many looks it ends, as a driver does that cannot begin."""

    def submit(self, job: SparkJob) -> str:
        self.marker_at_start = STOP_MARKER in self.objects
        self.submitted.append(job)
        self.running = f"s-{len(self.submitted)}" if self.starts else None
        return f"s-{len(self.submitted)}"

    def alive(self) -> dict[str, str]:
        return {ENRICHER: self.running} if self.running else {}

    def state(self, job: str) -> str:
        return "RUNNING"

    def outcome(self, job: str) -> str | None:
        if STOP_MARKER in self.objects and self.ends:
            self.running = None
        if self.looks_left is not None:
            self.looks_left -= 1
            if self.looks_left < 0:
                return "failed: exit code 2"
        return None if self.running == job else "" if self.starts else "failed: no such file"

    def cancel(self, job: str) -> None:
        self.cancelled.append(job)
        self.ends = True


class PaperObjects(dict[str, bytes]):
    """A bucket."""

    def keys_below(self, prefix: str) -> list[str]:
        return sorted(key for key in self if key.startswith(prefix))

    def read(self, key: str) -> bytes | None:
        return self.get(key)

    def write(self, key: str, content: bytes) -> None:
        self[key] = content

    def delete(self, key: str) -> None:
        self.pop(key, None)


def enricher(jobs: PaperJobs, objects: Any, clock: Any) -> Enricher:
    return Enricher(jobs, objects, lambda _: None, clock)


def test_a_stop_asks_waits_and_takes_its_request_back(clock: Any) -> None:
    objects = PaperObjects()
    jobs = PaperJobs(objects, running=True)
    assert enricher(jobs, objects, clock).stop()
    assert STOP_MARKER not in objects
    assert not jobs.cancelled


def test_a_stop_of_nothing_leaves_no_request_behind(clock: Any) -> None:
    objects = PaperObjects()
    assert not enricher(PaperJobs(objects), objects, clock).stop()
    assert not objects


def test_a_late_stop_keeps_the_request_and_offers_force(clock: Any) -> None:
    objects = PaperObjects()
    jobs = PaperJobs(objects, running=True, ends=False)
    with pytest.raises(TachoError, match=r"did not stop within 7 minutes: .* --force"):
        enricher(jobs, objects, clock).stop()
    assert STOP_MARKER in objects
    assert not jobs.cancelled


def test_a_late_stop_with_force_ends_the_job(clock: Any) -> None:
    objects = PaperObjects()
    jobs = PaperJobs(objects, running=True, ends=False)
    assert enricher(jobs, objects, clock).stop(force=True)
    assert jobs.cancelled == ["s-0"]


def test_a_start_goes_on_with_the_same_state_and_never_meets_a_stop_request(clock: Any) -> None:
    objects = PaperObjects({STOP_MARKER: b"left behind"})
    jobs = PaperJobs(objects)
    made = enricher(jobs, objects, clock)
    made.start(JOB, Release("1.2", 3, "shape", "settings", "uuid"))
    assert jobs.marker_at_start is False
    assert jobs.submitted[0].environment["TACHO_ENRICHER_STATE_EPOCH"] == "3"
    assert json.loads(objects[RELEASE_NOTE]) == {
        **{"version": "1.2", "epoch": 3},
        **{"shape": "shape", "settings": "settings", "cluster": "uuid"},
    }
    assert made.released() == Release("1.2", 3, "shape", "settings", "uuid")


def test_a_note_of_an_earlier_tool_tells_version_and_epoch_only(clock: Any) -> None:
    objects = PaperObjects({RELEASE_NOTE: b'{"version": "1.2", "epoch": 3}'})
    assert enricher(PaperJobs(objects), objects, clock).released() == Release("1.2", 3)


def test_a_stop_that_was_cut_off_is_known(clock: Any) -> None:
    objects = PaperObjects()
    made = enricher(PaperJobs(objects, running=True), objects, clock)
    assert not made.told_to_stop()
    objects.write(STOP_MARKER, b"left behind")
    assert made.told_to_stop()


def test_an_enricher_that_ends_at_its_start_is_a_failure(clock: Any) -> None:
    objects = PaperObjects()
    with pytest.raises(TachoError, match="ended at its start \\(failed: no such file\\)"):
        enricher(PaperJobs(objects, starts=False), objects, clock).start(JOB, Release("1"))


def test_an_enricher_that_emr_takes_for_running_and_ends_soon_after_is_a_failure(clock: Any) -> None:
    objects = PaperObjects()
    jobs = PaperJobs(objects)
    jobs.looks_left = 24
    with pytest.raises(TachoError, match="ended at its start \\(failed: exit code 2\\)"):
        enricher(jobs, objects, clock).start(JOB, Release("1"))
    assert clock.seconds == 120


def test_an_enricher_is_steady_when_it_has_run_for_three_minutes(clock: Any) -> None:
    objects = PaperObjects()
    enricher(PaperJobs(objects), objects, clock).start(JOB, Release("1"))
    assert clock.seconds == 180
