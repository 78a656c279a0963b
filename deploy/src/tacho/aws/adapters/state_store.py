"""The stages' states in the state bucket, read as Terraform's S3 backend writes them."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from tacho.aws.adapters.objects import Bucket
from tacho.aws.adapters.sentences import code_of
from tacho.aws.stages import NAMES, STATE
from tacho.aws.states import StageState, States, stage_state
from tacho.aws.target import Target
from tacho.errors import TachoError, UsageError

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


def state_key(stage: str) -> str:
    """Key of a stage's state."""
    return f"{stage}/terraform.tfstate"


class BucketStates:
    """The state bucket. The state of 00-state itself is a local file, of which the bucket holds a copy.

    Beside each state is a note that a change began or ended: a state alone does not tell a stage that is whole from
    one whose apply was cut off.
    """

    def __init__(self, client: "S3Client", target: Target, first_state: Path) -> None:
        self._client = client
        self._target = target
        self._first_state = first_state
        self._bucket = Bucket(client, target.state_bucket)

    def read_all(self) -> States:
        """Every stage that has a state. Raises UsageError when the bucket is another account's or region's."""
        if not self._exists():
            return self._first_only()
        self._fetch_first()
        found: dict[str, StageState] = {}
        for name in NAMES:
            state, note = self._bucket.read(state_key(name)), self._bucket.read(_note_key(name))
            if state is not None:
                # A stage made by hand has no note and is whole; the first one is cut off when nothing was noted yet.
                unnoted = "{}" if name == STATE else None
                found[name] = self._read(name, _text(state), unnoted if note is None else _text(note))
        return found

    def _read(self, name: str, state: str, note: str | None) -> StageState:
        try:
            return stage_state(state, note)
        except ValueError as error:
            raise TachoError(
                f"s3://{self._bucket.name}/{name}/ holds a damaged state: bring an earlier version of its objects back."
            ) from error

    def begin(self, stage: str) -> None:
        """Note that a change of the stage begins; before the bucket is there, its absence says enough."""
        self._note(stage, finished=False)

    def finish(self, stage: str) -> None:
        """Note that it ended well, and keep a copy of what only this machine knows."""
        self._note(stage, finished=True)
        self.keep_first()

    def keep_first(self) -> None:
        """Copy the state of 00-state into its own bucket, so that another machine can go on."""
        if self._first_state.is_file() and self._exists():
            self._bucket.write(state_key(STATE), self._first_state.read_bytes())

    def _first_only(self) -> States:
        if not self._first_state.is_file():
            return {}
        first = stage_state(self._first_state.read_text(encoding="utf-8"))
        return {STATE: StageState(first.resources, first.outputs, unfinished=True)} if first.resources else {}

    def _fetch_first(self) -> None:
        copy = self._bucket.read(state_key(STATE))
        if copy is not None and not self._first_state.is_file():
            self._first_state.parent.mkdir(parents=True, exist_ok=True)
            self._first_state.write_bytes(copy)

    def _note(self, stage: str, finished: bool) -> None:
        if self._exists():
            note = {"finished": finished, "at": datetime.now(UTC).isoformat(timespec="seconds")}
            self._bucket.write(_note_key(stage), json.dumps(note).encode())

    def _exists(self) -> bool:
        try:
            found = self._client.head_bucket(Bucket=self._bucket.name)
        except ClientError as error:
            if code_of(error) in ("404", "NoSuchBucket"):
                return False
            if code_of(error) in ("301", "400", "PermanentRedirect"):
                headers = error.response.get("ResponseMetadata", {}).get("HTTPHeaders", {})
                self._require_region(headers.get("x-amz-bucket-region", "another region"))
            raise
        self._require_region(found.get("BucketRegion", self._target.region))
        return True

    def _require_region(self, region: str) -> None:
        if region != self._target.region:
            raise UsageError(
                f"{self._target.prefix} is kept in {region} and you asked in {self._target.region}: "
                f"use --region {region}, or another --env."
            )


def lock_of(bucket: Bucket, stage: str) -> str | None:
    """Who holds the lock of a stage's state, in words; None when nobody does."""
    found = bucket.read(f"{state_key(stage)}.tflock")
    if found is None:
        return None
    lock = json.loads(found)
    return f"{lock.get('Who', 'somebody')} since {str(lock.get('Created', '?'))[:19]} (lock {lock.get('ID')})"


def _note_key(stage: str) -> str:
    return f"{stage}/progress.json"


def _text(content: bytes) -> str:
    return content.decode("utf-8")
