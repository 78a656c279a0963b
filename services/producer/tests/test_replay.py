"""Recordings of every shipped form become samples, and every row is accounted for."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tacho_producer.dims import load_dims
from tacho_producer.drivetrain import rpm_per_kmh
from tacho_producer.errors import SettingsError
from tacho_producer.replay.column_map import load_map
from tacho_producer.replay.identity import ReplayOptions, chosen_gears, judged_as, refuse_driven, vehicles
from tacho_producer.replay.recording import Recording, read_recording
from tacho_producer.replay.resample import Track, derived_gear, resample
from tacho_producer.replay.schedule import moments, require_dates

COROLLA = rpm_per_kmh((3.166, 1.904, 1.310, 0.969, 0.815, 0.725), 3.941, 1.99)
KIT = "Time,Engine RPM [RPM],Vehicle Speed Sensor [km/h]"
TRUCK = Path(__file__).parents[4] / "shared" / "data" / "drives" / "fms_truck.csv"


def read(name: str, *lines: str) -> Recording:
    recording = read_recording(lines, load_map(name))
    assert recording.rows == recording.used + sum(recording.dropped.values())
    return recording


def tracks(name: str, recording: Recording) -> list[Track]:
    columns = load_map(name)
    return [resample(drive, columns.fill_seconds, COROLLA, recording.has_gear) for drive in recording.drives]


def samples(name: str, *lines: str) -> list[tuple[int, float, int, int]]:
    (track,) = tracks(name, read(name, *lines))
    return track.samples


def test_ved_vehicles_get_their_own_cars_and_trips_follow_each_other() -> None:
    header = "DayNum,VehId,Trip,Timestamp(ms),Vehicle Speed[km/h],Engine RPM[RPM]"
    rows = ["1,8,1,0,30,1400", "1,8,1,1000,31,1400", "1,8,2,0,50,1600", "1,455,9,0,20,1100"]
    todo = moments(tracks("ved", read("ved", header, *rows)))
    assert vehicles(todo, 1234567) == {"455": 1234567, "8": 1234568}
    assert [(moment.vehicle, moment.second) for moment in todo] == [("455", 0), ("8", 0), ("8", 1), ("8", 61)]


def test_carobd_repeated_rows_and_the_trailing_comma_do_no_harm() -> None:
    header = "ENGINE_RUN_TINE (), ENGINE_RPM (), VEHICLE_SPEED (), THROTTLE (),"
    recording = read("carobd", header, "1,1500,20,3,", "1,1500,20,3,", "1,1500,20,3,", "2,1600,21,3,")
    assert recording.dropped == {"repeated": 2}
    assert [(second, speed, rpm) for second, speed, rpm, _ in tracks("carobd", recording)[0].samples] == [
        (1, 20.0, 1500),
        (2, 21.0, 1600),
    ]


def test_kit_staggered_cells_are_filled_forward_but_not_for_ever() -> None:
    (track,) = tracks("kit", read("kit", KIT, "08:00:00.0,1500,", "08:00:00.1,,20", "08:00:02,1600,", "08:00:09,1700,"))
    eight = 8 * 3600
    assert [(second - eight, rpm) for second, _, rpm, _ in track.samples] == [(1, 1500), (2, 1600), (3, 1600)]
    assert track.skipped == {"no-speed": 7}


def test_a_drive_past_midnight_goes_on() -> None:
    found = samples("kit", KIT, "23:59:59.5,1500,20", "00:00:00.5,1600,21", "00:00:01.0,1700,22")
    assert [(second - 86_400, rpm) for second, _, rpm, _ in found] == [(0, 1500), (1, 1700)]


def test_corsa_speed_255_is_no_speed_and_its_gear_is_marked_a_guess() -> None:
    header = "timestamp,RPM,SPEED,GEAR"
    found = samples("corsa", header, "2024-01-01 00:00:00,2000,60,4", "2024-01-01 00:00:05,2000,255,4")
    assert [values[1:] for values in found] == [(60.0, 2000, 4)] * 4
    assert load_map("corsa").gear_measured is False


def test_torque_miles_and_blank_marks_are_understood() -> None:
    header = "GPS Time,Device Time, Longitude, Speed (OBD)(mph), Engine RPM(rpm)"
    found = samples("torque", header, "x,22-Nov-2014 12:00:00.000,1,50,2000", "x,22-Nov-2014 12:00:01.000,1,-,2100")
    assert [values[1:3] for values in found] == [(80.5, 2000), (80.5, 2100)]
    assert found[0][0] == int(datetime(2014, 11, 22, 12, tzinfo=UTC).timestamp())


def test_levin_epoch_milliseconds_are_a_date() -> None:
    recording = read("levin", "tripID,deviceID,timeStamp,rpm,speed", "1,a,1500000000000,1500,20")
    assert recording.drives[0].absolute
    assert recording.drives[0].readings[0][0] == 1_500_000_000.0


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("x,1,1", "no-time"),
        ("08:00:01,,", "blank"),
        ("08:00:01,fast,", "not-a-number"),
        ("08:00:01,,255", "invalid-marker"),
        ("08:00:01,,-3", "out-of-range"),
        ("08:00:01,30000,", "out-of-range"),
        ("08:00:01,nan,", "out-of-range"),
        ("07:59:00,1000,10", "time-backwards"),
        ("08:00:00,1500,20", "repeated"),
    ],
)
def test_each_bad_row_is_dropped_for_its_reason(row: str, reason: str) -> None:
    recording = read("kit", KIT, "08:00:00,1500,20", row)
    assert recording.dropped == {reason: 1}


def test_seconds_with_the_engine_off_while_moving_are_skipped_and_counted() -> None:
    (track,) = tracks("kit", read("kit", KIT, "08:00:00,0,50", "08:00:01,0,0"))
    assert track.skipped == {"engine-off-while-moving": 1}
    assert len(track.samples) == 1


def test_a_missing_column_is_named() -> None:
    with pytest.raises(SettingsError, match="Engine RPM"):
        read("kit", "Time,Vehicle Speed Sensor [km/h]", "0,1")


@pytest.mark.parametrize("gear", range(1, 7))
def test_a_gear_is_derived_from_the_ratio_of_engine_to_road_speed(gear: int) -> None:
    assert derived_gear(60.0, 60.0 * COROLLA[gear - 1] * 1.03, COROLLA) == gear


def test_no_gear_is_derived_standing_or_between_gears() -> None:
    first, second = COROLLA[:2]
    assert derived_gear(0.0, 800.0, COROLLA) == 0
    assert derived_gear(30.0, 30.0 * (first + second) / 2.0, COROLLA) == 0


def test_recordings_without_dates_cannot_keep_their_time() -> None:
    with pytest.raises(SettingsError, match="dates"):
        require_dates(tracks("kit", read("kit", KIT, "08:00:00,1500,20")))


def test_gears_come_from_the_model_asked_for_else_from_the_map_else_from_the_car(dims_folder: Path) -> None:
    dims = load_dims(str(dims_folder))
    file, car_id = Path("drive.csv"), dims.cars[4][0]
    asked = ReplayOptions(file, "fms", car_id, model="toyota corolla")
    assert chosen_gears(dims, load_map("fms"), asked).rpm_per_kmh == dims.drivetrains[3].rpm_per_kmh
    assert "truck" in chosen_gears(dims, load_map("fms"), ReplayOptions(file, "fms", car_id)).name
    assert chosen_gears(dims, load_map("kit"), ReplayOptions(file, "kit", car_id)).name == "a Kia Sportage"
    assert chosen_gears(dims, load_map("kit"), ReplayOptions(file, "kit")).name == "a Mazda 3"
    with pytest.raises(SettingsError, match="Toyota Corolla"):
        chosen_gears(dims, load_map("fms"), ReplayOptions(file, "fms", model="Lada"))


@pytest.mark.parametrize("car_id", [123456, 12345678])
def test_car_ids_have_7_digits(dims_folder: Path, car_id: int) -> None:
    with pytest.raises(SettingsError, match="7 digits"):
        chosen_gears(load_dims(str(dims_folder)), load_map("kit"), ReplayOptions(Path("drive.csv"), "kit", car_id))


def test_the_cars_of_a_fleet_that_is_driven_are_refused(dims_folder: Path) -> None:
    dims = load_dims(str(dims_folder))
    refuse_driven(dims, [9_900_001, 9_900_002])
    with pytest.raises(SettingsError, match=str(dims.cars[4][0])):
        refuse_driven(dims, [9_900_001, dims.cars[4][0]])


def test_the_enricher_judges_by_the_model_of_the_car_and_a_stranger_by_none(dims_folder: Path) -> None:
    dims = load_dims(str(dims_folder))
    assert judged_as(dims, [dims.cars[4][0], 9_900_001]) == {dims.cars[4][0]: "Kia Sportage", 9_900_001: None}


def test_the_recorded_truck_gives_its_known_figures_and_a_gear_nearly_always() -> None:
    if not TRUCK.exists():
        pytest.skip(f"{TRUCK} is not here; it is not part of the repository")
    columns = load_map("fms")
    assert columns.drivetrain is not None
    recording = read("fms", *TRUCK.read_text().splitlines())
    track = resample(recording.drives[0], columns.fill_seconds, columns.drivetrain.rpm_per_kmh, recording.has_gear)
    assert (recording.rows, recording.used) == (3989, 1560)
    assert max(speed for _, speed, _, _ in track.samples) == 64.7
    assert max(rpm for _, _, rpm, _ in track.samples) == 2196
    assert len(track.samples) + sum(track.skipped.values()) in (892, 896)
    moving = [gear for _, speed, _, gear in track.samples if speed > 5]
    assert set(moving) == set(range(7))
    assert moving.count(0) < len(moving) / 10
