"""The enricher on EMR: stop it between two batches, start a version of it, with the checkpoint it had."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace

from tacho.aws.ports import Jobs, Objects
from tacho.aws.spark_job import ENRICHER, RELEASE_NOTE, STOP_MARKER, SparkJob
from tacho.aws.waiting import Clock, until
from tacho.errors import TachoError, UsageError

STOP_SECONDS = 420.0
"""One epoch of real-time mode (300 s) and what it takes to end."""
START_SECONDS = 900.0
STEADY_SECONDS = 180.0
"""EMR says that a job runs while its driver is still starting, and YARN starts one that cannot begin four times."""
_EVERY_SECONDS = 5.0


@dataclass(frozen=True)
class Release:
    """What runs, or should: a version of the artefact, and the number of the state it goes on with."""

    version: str
    epoch: int = 0
    shape: str = ""
    """Of the state, as a digest; empty when the artefact does not tell."""
    settings: str = ""
    """Digest of what the job was given."""
    cluster: str = ""
    """Id of the Kafka cluster whose log it reads; empty when an earlier tool released it."""

    def followed_by(self, version: str, shape: str, settings: str, epoch: int | None, cluster: str) -> "Release":
        """The next release: with the same state, or new state when its shape is another.

        Raises UsageError when `epoch`, which the operator wants, is that of a state of another shape.
        """
        reshaped = bool(shape and self.shape and shape != self.shape)
        lowest = self.epoch + reshaped
        if epoch is not None and epoch < lowest:
            raise UsageError(
                f"enricher {version} cannot go on with state e{self.epoch}, the shape of its state is another: give "
                f"--state-epoch {lowest} or none."
            )
        return Release(version, lowest if epoch is None else epoch, shape or self.shape, settings, cluster)


class Enricher:
    """The one streaming job of a deployment; a second one on its checkpoint would spoil both, so there never is one."""

    def __init__(self, jobs: Jobs, objects: Objects, report: Callable[[str], None], clock: Clock | None = None) -> None:
        self._jobs = jobs
        self._objects = objects
        self._report = report
        self._clock = clock or Clock()

    def released(self) -> Release | None:
        """What was released last; None before the first release."""
        note = self._objects.read(RELEASE_NOTE)
        if note is None:
            return None
        found: Mapping[str, object] = json.loads(note)
        told = (str(found.get(name, "")) for name in ("shape", "settings", "cluster"))
        return Release(str(found["version"]), int(str(found["epoch"])), *told)

    def running(self) -> str | None:
        """Id of the job that waits or runs."""
        return self._jobs.alive().get(ENRICHER)

    def told_to_stop(self) -> bool:
        """Whether a stop was asked for that has not ended, because it was late or cut off."""
        return self._objects.read(STOP_MARKER) is not None

    def stop(self, force: bool = False) -> bool:
        """Have it finish its batch and end; whether it ran. With `force` it is ended in mid-batch when it is late.

        A stop without force that is late raises TachoError, and the request stays: the next call goes on waiting.
        """
        job = self.running()
        if job is None:
            return False
        self._objects.write(STOP_MARKER, b"tacho aws\n")
        self._report("the enricher finishes its batch and stops")
        try:
            until(lambda: self._ended(job), self._clock, _EVERY_SECONDS, STOP_SECONDS, "late")
        except TachoError as late:
            if not force:
                raise TachoError(
                    f"The enricher did not stop within {STOP_SECONDS / 60:.0f} minutes: wait and ask again, or end it "
                    f"in mid-batch with --force (what it sent since its last epoch is then sent again)."
                ) from late
            self._jobs.cancel(job)
            again = "The enricher does not end although it was told to: see its steps in the EMR console."
            until(lambda: self._ended(job), self._clock, _EVERY_SECONDS, STOP_SECONDS, again)
        self._objects.delete(STOP_MARKER)
        return True

    def start(self, job: SparkJob, release: Release) -> str:
        """Start it and wait until it is steady; its id. It must not be running."""
        # A marker left behind by a cut-off stop would refuse the start.
        self._objects.delete(STOP_MARKER)
        self._objects.write(RELEASE_NOTE, json.dumps(asdict(release)).encode())
        epoch = {"TACHO_ENRICHER_STATE_EPOCH": str(release.epoch)}
        started = self._jobs.submit(replace(job, environment={**job.environment, **epoch}))
        self._report(f"enricher {release.version} is starting ({started}, state e{release.epoch})")
        self.await_start(started)
        return started

    def await_start(self, job: str) -> None:
        """Wait until a submitted job has run for STEADY_SECONDS on end.

        Raises TachoError when it ends instead, or does not get that far in time.
        """
        since: float | None = None

        def steady() -> bool | None:
            nonlocal since
            why = self._jobs.outcome(job)
            if why is not None:
                raise TachoError(f"The enricher ended at its start ({why or 'it found nothing to do'}): see its log.")
            if self._jobs.state(job) != "RUNNING":
                since = None
                return None
            if since is None:
                since = self._clock.now()
                self._report(f"{job} runs; it counts as steady after {STEADY_SECONDS / 60:.0f} minutes")
            return True if self._clock.now() - since >= STEADY_SECONDS else None

        limit = START_SECONDS + STEADY_SECONDS
        late = f"The enricher ({job}) is not steady after {limit / 60:.0f} minutes: see its log."
        until(steady, self._clock, _EVERY_SECONDS, limit, late)

    def _ended(self, job: str) -> bool | None:
        return True if self._jobs.outcome(job) is not None else None
