"""`replay FILE`: from a recorded file to samples in the log and a report."""

import json
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from tacho_contracts.connection import connection_from_environment
from tacho_producer.dims import load_dims
from tacho_producer.errors import SettingsError
from tacho_producer.publisher import TOPIC, Publisher
from tacho_producer.replay.column_map import ColumnMap, load_map
from tacho_producer.replay.identity import ReplayOptions, chosen_gears, judged_as, refuse_driven, vehicles
from tacho_producer.replay.recording import Recording, read_recording
from tacho_producer.replay.report import ReplayReport, plain
from tacho_producer.replay.resample import Track, resample
from tacho_producer.replay.schedule import Moment, moments, require_dates
from tacho_producer.resume import newest_in_log
from tacho_producer.samples import Batch, Sample, batch_of
from tacho_producer.service import finish, known_sequences, open_journal, open_publisher
from tacho_producer.settings import Settings
from tacho_producer.timeline import start_before

_MOST_AT_ONCE = 2048
_LONGEST_WAIT_S = 0.25
# Windows of alerts wait two hours for a record that is behind; Kafka lets the newest one be an hour ahead.
_FARTHEST_BACK_MS = 3_600_000


def replay(settings: Settings, options: ReplayOptions, stopping: Callable[[], bool]) -> int:
    """Replay the file, print the report; the exit code: 0 when every sample sent was confirmed."""
    connection = connection_from_environment()
    dims, columns = load_dims(settings.dims), load_map(options.column_map)
    gears = chosen_gears(dims, columns, options)
    recording = read_file(options.file, columns)
    tracks = [
        resample(drive, columns.fill_seconds, gears.rpm_per_kmh, recording.has_gear) for drive in recording.drives
    ]
    todo = moments(tracks)
    if not todo:
        raise SettingsError(f"{options.file} holds no usable second: dropped {dict(recording.dropped)}")
    cars = vehicles(todo, options.car_id)
    if options.fleet_drives:
        refuse_driven(dims, cars.values())
    start_ms = _start_ms(settings, options, tracks, todo)
    journal = open_journal(settings)
    publisher = open_publisher(connection, settings, journal, stopping)
    last = known_sequences(connection, journal, list(cars.values()))
    began = time.monotonic()
    source = ReplaySource(todo, cars, {car: last.get(car, (0, 0))[0] + 1 for car in cars.values()}, start_ms)
    # A speed-up has its own clock; a drive in real time is stamped as it is sent, like any gateway's.
    live = settings.speed_up == 1.0 and not options.keep_time
    _send_all(source, settings.speed_up, live, publisher, stopping)
    code = finish(settings, publisher, journal, began, None if stopping() else _end_ms(source, live))
    report = report_of(options, columns, recording, tracks, todo)
    report.vehicles, report.judged_as = cars, judged_as(dims, cars.values())
    report.drivetrain = None if recording.has_gear else gears.name
    report.samples_acked = publisher.acked
    _tell(report, options.report)
    return code


def read_file(file: Path, columns: ColumnMap) -> Recording:
    """The recorded drives of a file. Raises SettingsError when it cannot be read or lacks a column the map needs."""
    try:
        with file.open(encoding="utf-8-sig", errors="replace", newline="") as lines:
            return read_recording(lines, columns)
    except OSError as error:
        raise SettingsError(f"cannot read {file}: {error.strerror}") from error


def _start_ms(settings: Settings, options: ReplayOptions, tracks: list[Track], todo: list[Moment]) -> int:
    """Event time [ms] of the first sample. Raises SettingsError when its own time cannot be kept."""
    now_ms = time.time_ns() // 1_000_000
    if not options.keep_time:
        seconds = todo[-1].second - todo[0].second + 1
        first_ms = start_before(now_ms * 1000, seconds, settings.speed_up) // 1000
        _require_room(first_ms, now_ms)
        return first_ms
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


def _require_room(first_ms: int, now_ms: int) -> None:
    """Raise SettingsError when the samples would be further behind the log's newest than window figures wait."""
    if now_ms - first_ms > _FARTHEST_BACK_MS and newest_in_log(connection_from_environment(), TOPIC) > (
        first_ms + _FARTHEST_BACK_MS
    ):
        raise SettingsError(
            "at this --speed-up the drive would begin more than an hour before the newest sample of the log, and "
            "figures of closed windows would silently miss it; replay slower, or into a fresh log"
        )


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
    began, heartbeats = time.monotonic(), publisher.heartbeats
    while not source.done and not stopping():
        publisher.idle()
        elapsed_ms = (time.monotonic() - began) * 1000.0
        due_ms = elapsed_ms * speed_up if elapsed_ms else 0.0
        next_ms, now_ms = source.offset_ms(source.position), time.time_ns() // 1_000_000
        heartbeats.beat_if_due(now_ms if live else source.start_ms + int(min(next_ms, due_ms)))
        batch = source.take_until(due_ms)
        if len(batch):
            publisher.send(batch, max(now_ms, heartbeats.last_ms) if live else None)
        else:
            wait_ms = next_ms / speed_up - elapsed_ms
            publisher.serve(min(max(wait_ms, 0.0) / 1000.0, _LONGEST_WAIT_S))


def _end_ms(source: ReplaySource, live: bool) -> int:
    """Log time of the last moment sent, so that a recording that follows at once is not behind."""
    return time.time_ns() // 1_000_000 if live else source.start_ms + source.offset_ms(len(source.todo) - 1)


def report_of(
    options: ReplayOptions, columns: ColumnMap, recording: Recording, tracks: list[Track], todo: list[Moment]
) -> ReplayReport:
    """What became of the recording's rows; whose cars and gears they are is for the caller to add."""
    by_logger = "recorded" if columns.gear_measured else "derived-by-logger"
    return ReplayReport(
        file=str(options.file),
        column_map=options.column_map,
        drives=len(tracks),
        rows_read=recording.rows,
        rows_used=recording.used,
        rows_dropped=plain(recording.dropped),
        seconds_skipped=plain(sum((track.skipped for track in tracks), Counter())),
        gear_source=by_logger if recording.has_gear else "derived",
        samples=len(todo),
        gears={str(gear): count for gear, count in sorted(Counter(moment.gear for moment in todo).items())},
    )


def _tell(report: ReplayReport, file: Path | None) -> None:
    print(report.as_text())
    if file:
        file.write_text(json.dumps(report.as_json(), indent=2) + "\n", encoding="utf-8")
