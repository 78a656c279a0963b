"""`replay FILE`: from a recorded file to samples in the log and a report."""

import json
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tacho_contracts.connection import connection_from_environment
from tacho_producer.dims import Dims, is_car_id, load_dims
from tacho_producer.drivetrain import Drivetrain
from tacho_producer.errors import SettingsError
from tacho_producer.publisher import TOPIC, Publisher
from tacho_producer.replay.column_map import ColumnMap, load_map
from tacho_producer.replay.recording import Recording, read_recording
from tacho_producer.replay.report import ReplayReport, plain
from tacho_producer.replay.resample import Track, resample
from tacho_producer.replay.schedule import Moment, moments, require_dates
from tacho_producer.resume import newest_in_log
from tacho_producer.samples import Batch, Sample, batch_of
from tacho_producer.service import finish, known_sequences, open_journal, open_publisher
from tacho_producer.settings import Settings
from tacho_producer.timeline import start_before

FIRST_CAR_ID = 9_900_001
_MOST_AT_ONCE = 2048
_LONGEST_WAIT_S = 0.25


@dataclass(frozen=True)
class ReplayOptions:
    """What to replay and as what. `car_id`: of the first vehicle, others count up; `model`: id or name in the dims."""

    file: Path
    column_map: str
    car_id: int = FIRST_CAR_ID
    model: str | None = None
    keep_time: bool = False
    report: Path | None = None


def replay(settings: Settings, options: ReplayOptions, stopping: Callable[[], bool]) -> int:
    """Replay the file, print the report; the exit code: 0 when every sample sent was confirmed."""
    dims, columns = load_dims(settings.dims), load_map(options.column_map)
    drivetrain = chosen_drivetrain(dims, options)
    recording = _read(options.file, columns)
    tracks = [resample(drive, columns.fill_seconds, drivetrain, recording.has_gear) for drive in recording.drives]
    todo = moments(tracks)
    if not todo:
        raise SettingsError(f"{options.file} holds no usable second: dropped {dict(recording.dropped)}")
    cars = vehicles(todo, options.car_id)
    start_ms = _start_ms(settings, options, tracks, todo)
    journal = open_journal(settings)
    publisher = open_publisher(settings, journal, stopping)
    last = known_sequences(journal, list(cars.values()))
    began = time.monotonic()
    source = ReplaySource(todo, cars, {car: last.get(car, (0, 0))[0] + 1 for car in cars.values()}, start_ms)
    # A speed-up has its own clock; a drive in real time is stamped as it is sent, like any gateway's.
    live = settings.speed_up == 1.0 and not options.keep_time
    _send_all(source, settings.speed_up, live, publisher, stopping)
    code = finish(settings, publisher, journal, began)
    name = dims.models.get(drivetrain.model_id, str(drivetrain.model_id))
    _tell(report_of(options, columns, recording, tracks, cars, todo, name), publisher, options.report)
    return code


def chosen_drivetrain(dims: Dims, options: ReplayOptions) -> Drivetrain:
    """The drive-train gears are derived with: of --model, else of the car in the dims, else the first there is."""
    if not is_car_id(options.car_id):
        raise SettingsError(f"--car-id {options.car_id} is no car_id, they have 7 digits")
    if options.model is None:
        of_car = [model_id for car_id, model_id in dims.cars if car_id == options.car_id]
        return dims.drivetrains[of_car[0]] if of_car else next(iter(dims.drivetrains.values()))
    for model_id, name in dims.models.items():
        if options.model.lower() in (str(model_id), name.lower()) and model_id in dims.drivetrains:
            return dims.drivetrains[model_id]
    raise SettingsError(f"--model {options.model} is not in the dims; they have {', '.join(dims.models.values())}")


def _read(file: Path, columns: ColumnMap) -> Recording:
    try:
        with file.open(encoding="utf-8-sig", errors="replace", newline="") as lines:
            return read_recording(lines, columns)
    except OSError as error:
        raise SettingsError(f"cannot read {file}: {error.strerror}") from error


def vehicles(todo: list[Moment], first_car_id: int) -> dict[str, int]:
    """A car_id for each vehicle of the recording, counting up in name order."""
    names = sorted({moment.vehicle for moment in todo})
    if not is_car_id(first_car_id + len(names) - 1):
        raise SettingsError(f"{len(names)} vehicles do not fit after --car-id {first_car_id}: car_ids have 7 digits")
    return {name: first_car_id + number for number, name in enumerate(names)}


def _start_ms(settings: Settings, options: ReplayOptions, tracks: list[Track], todo: list[Moment]) -> int:
    """Event time [ms] of the first sample. Raises SettingsError when its own time cannot be kept."""
    now_ms = time.time_ns() // 1_000_000
    if not options.keep_time:
        seconds = todo[-1].second - todo[0].second + 1
        return start_before(now_ms * 1000, seconds, settings.speed_up) // 1000
    require_dates(tracks)
    first_ms, last_ms = todo[0].second * 1000, todo[-1].second * 1000
    if last_ms > now_ms:
        raise SettingsError("--keep-time: the recording reaches into the future")
    newest_ms = newest_in_log(connection_from_environment(), TOPIC)
    if newest_ms >= first_ms:
        raise SettingsError(
            "--keep-time: the log already holds newer samples, so figures of closed windows would silently miss "
            "these; replay into a fresh log, or leave --keep-time out"
        )
    return first_ms


class ReplaySource:
    """Makes batches of a recording's moments. `next_sequence`: by car_id; `start_ms`: event time of the first one."""

    def __init__(self, todo: list[Moment], cars: dict[str, int], next_sequence: dict[int, int], start_ms: int) -> None:
        self.position = 0
        self.todo = todo
        self.start_ms = start_ms
        self._cars = cars
        self._next = next_sequence

    def offset_ms(self, number: int) -> int:
        """Event time of moment `number`, from the first one's."""
        return (self.todo[number].second - self.todo[0].second) * 1000

    def take_until(self, offset_ms: float) -> Batch:
        """The moments not taken yet with an offset up to this one; not more than fit a batch."""
        samples: list[Sample] = []
        while len(samples) < _MOST_AT_ONCE and not self.done and self.offset_ms(self.position) <= offset_ms:
            moment = self.todo[self.position]
            car_id = self._cars[moment.vehicle]
            event_ms = self.start_ms + self.offset_ms(self.position)
            samples.append(Sample(car_id, self._next[car_id], event_ms, moment.speed, moment.rpm, moment.gear))
            self._next[car_id] += 1
            self.position += 1
        return batch_of(samples)

    @property
    def done(self) -> bool:
        """Whether every moment has been taken."""
        return self.position >= len(self.todo)


def _send_all(
    source: ReplaySource, speed_up: float, live: bool, publisher: Publisher, stopping: Callable[[], bool]
) -> None:
    began = time.monotonic()
    while not source.done and not stopping():
        publisher.idle()
        elapsed_ms = (time.monotonic() - began) * 1000.0
        batch = source.take_until(elapsed_ms * speed_up if elapsed_ms else 0.0)
        if len(batch):
            publisher.send(batch, time.time_ns() // 1_000_000 if live else None)
        else:
            wait_ms = source.offset_ms(source.position) / speed_up - elapsed_ms
            publisher.serve(min(max(wait_ms, 0.0) / 1000.0, _LONGEST_WAIT_S))


def report_of(
    options: ReplayOptions,
    columns: ColumnMap,
    recording: Recording,
    tracks: list[Track],
    cars: dict[str, int],
    todo: list[Moment],
    drivetrain: str,
) -> ReplayReport:
    """The report of a recording before anything is confirmed."""
    return ReplayReport(
        file=str(options.file),
        column_map=options.column_map,
        vehicles=cars,
        drives=len(tracks),
        rows_read=recording.rows,
        rows_used=recording.used,
        rows_dropped=plain(recording.dropped),
        seconds_skipped=plain(sum((track.skipped for track in tracks), Counter())),
        gear_source="recorded" if recording.has_gear and columns.gear_measured else "derived",
        drivetrain="the recording's logger" if recording.has_gear else drivetrain,
        samples=len(todo),
        gears={str(gear): count for gear, count in sorted(Counter(moment.gear for moment in todo).items())},
    )


def _tell(report: ReplayReport, publisher: Publisher, file: Path | None) -> None:
    report.samples_acked = publisher.acked
    print(report.as_text())
    if file:
        file.write_text(json.dumps(report.as_json(), indent=2) + "\n", encoding="utf-8")
