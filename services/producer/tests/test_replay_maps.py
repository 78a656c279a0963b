"""Every shipped map reads a file with exactly the header of the export it is for."""

from datetime import UTC, datetime

import pytest

from tacho_producer.replay.column_map import load_map, map_names
from tacho_producer.replay.recording import read_recording
from tacho_producer.replay.resample import resample

FMS = "field,signal,value,delay"
VED = (
    "DayNum,VehId,Trip,Timestamp(ms),Latitude[deg],Longitude[deg],Vehicle Speed[km/h],MAF[g/sec],Engine RPM[RPM],"
    "Absolute Load[%],OAT[DegC],Fuel Rate[L/hr],Air Conditioning Power[kW],Air Conditioning Power[Watts],"
    "Heater Power[Watts],HV Battery Current[A],HV Battery SOC[%],HV Battery Voltage[V],Short Term Fuel Trim Bank 1[%],"
    "Short Term Fuel Trim Bank 2[%],Long Term Fuel Trim Bank 1[%],Long Term Fuel Trim Bank 2[%]"
)
CAROBD = "ENGINE_RUN_TINE (),ENGINE_RPM (),VEHICLE_SPEED (),THROTTLE (),ENGINE_LOAD (),COOLANT_TEMPERATURE (),"
KIT = (
    "Time,Engine Coolant Temperature [°C],Intake Manifold Absolute Pressure [kPa],Engine RPM [RPM],"
    "Vehicle Speed Sensor [km/h],Intake Air Temperature [°C],Air Flow Rate from Mass Flow Sensor [g/s],"
    "Absolute Throttle Position [%],Ambient Air Temperature [°C],Accelerator Pedal Position D [%],"
    "Accelerator Pedal Position E [%]"
)
CORSA = "timestamp,RPM,SPEED,THROTTLE_POS,RELATIVE_THROTTLE_POS,MAF,ENGINE_LOAD,GEAR"
LEVIN = "tripID,deviceID,timeStamp,accData,gps_speed,battery,cTemp,dtc,eLoad,iat,imap,kpl,maf,rpm,speed,tAdv,tPos"
TORQUE = (
    "GPS Time,Device Time, Longitude, Latitude,GPS Speed (Meters/second), Horizontal Dilution of Precision,"
    " Engine RPM(rpm), Speed (OBD)(km/h)"
)
TORQUE_MILES = TORQUE.replace("(OBD)(km/h)", "(OBD)(mph)")

# By map: the export's header, rows of one second after another, and the (km/h, rpm, gear) they say.
EXPORTS = [
    (
        *("fms", FMS),
        [
            "current,Vehicle.Speed,36.04,0.5",
            "current,Vehicle.Tachograph.VehicleSpeed,99,0.25",
            "current,Vehicle.Powertrain.CombustionEngine.Speed,1180,0.25",
            "current,Vehicle.Speed,37,1.0",
        ],
        [(36.0, 1180, 4), (37.0, 1180, 4)],
    ),
    (
        *("ved", VED),
        [
            "1.5,8,706,0,42.27,-83.7,50,5.0,2150,30,10,NaN,NaN,NaN,NaN,NaN,NaN,NaN,1.5,NaN,3.1,NaN",
            "1.5,8,706,1000,42.27,-83.7,51,5.0,2200,30,10,NaN,NaN,NaN,NaN,NaN,NaN,NaN,1.5,NaN,3.1,NaN",
        ],
        [(50.0, 2150, 3), (51.0, 2200, 3)],
    ),
    (
        *("carobd", CAROBD),
        ["0, 0, 0, 0, 0, 0,", "1, 2150, 50, 14, 20, 80,", "1, 2150, 50, 14, 20, 80,", "2, 2200, 51, 14, 20, 80,"],
        [(0.0, 0, 0), (50.0, 2150, 3), (51.0, 2200, 3)],
    ),
    (
        *("kit", KIT),
        ["07:11:19.000,80,,2150,,,,,,,", "07:11:19.100,,,,50,,,,,,", "07:11:21.000,81,,2200,51,,,,,,"],
        [(50.0, 2150, 3), (51.0, 2200, 3)],
    ),
    (
        *("corsa", CORSA),
        [
            "2024-05-01T10:00:00,2150.0 revolutions_per_minute,50.0 kilometer_per_hour,14 percent,3,5.0,20,4",
            "2024-05-01T10:00:01,2200,51,14,3,5.0,20,?",
            "2024-05-01T10:00:02,800,0,14,3,5.0,20,N",
            "2024-05-01T10:00:03,No data,255,...,3,5.0,20,N",
        ],
        [(50.0, 2150, 4), (51.0, 2200, 0), (0.0, 800, 0), (0.0, 800, 0)],
    ),
    (
        *("levin", LEVIN),
        [
            "1,a,2017-11-18 05:21:28,0,20,14.1,80,0,30,40,50,12,5,2150,50,10,15",
            "1,a,2017-11-18 05:21:29,0,20,14.1,80,0,30,40,50,12,5,2200,51,10,15",
        ],
        [(50.0, 2150, 3), (51.0, 2200, 3)],
    ),
    (
        *("torque", TORQUE),
        [
            "Sat Nov 22 12:00:00 GMT+00:00 2014,22-Nov-2014 12:00:00.000,8.4,49.0,14.5,3,2150,50",
            TORQUE,
            "Sat Nov 22 12:00:01 GMT+00:00 2014,22-Nov-2014 12:00:01.000,8.4,49.0,14.5,3,2200,51",
        ],
        [(50.0, 2150, 3), (51.0, 2200, 3)],
    ),
    (
        *("torque", TORQUE_MILES),
        ["Sat Nov 22 12:00:00 GMT+00:00 2014,22-Nov-2014 12:00:00.000,8.4,49.0,14.5,3,2150,50"],
        [(80.5, 2150, 5)],
    ),
]
COROLLA = (104.5, 62.84, 43.24, 31.98, 26.9, 23.93)


@pytest.mark.parametrize(("name", "header", "rows", "expected"), EXPORTS)
def test_a_file_with_the_exports_own_header_becomes_its_samples(
    name: str, header: str, rows: list[str], expected: list[tuple[float, int, int]]
) -> None:
    columns = load_map(name)
    recording = read_recording([header, *rows], columns)
    gears = columns.drivetrain.rpm_per_kmh if columns.drivetrain else COROLLA
    (drive,) = recording.drives
    track = resample(drive, columns.fill_seconds, gears, recording.has_gear)
    assert [sample[1:] for sample in track.samples if sample[0] >= drive.readings[0][0]] == expected
    assert recording.rows == recording.used + recording.dropped.total()


def test_a_map_ships_for_every_export() -> None:
    assert set(map_names()) == {name for name, *_ in EXPORTS}


@pytest.mark.parametrize(
    ("name", "header", "row", "date"),
    [
        ("corsa", CORSA, "2024-05-01T10:00:00,2000,50,14,3,5,20,4", datetime(2024, 5, 1, 10, tzinfo=UTC)),
        ("levin", LEVIN, "1,a,2017-11-18 05:21:28" + ",1" * 14, datetime(2017, 11, 18, 5, 21, 28, tzinfo=UTC)),
        ("torque", TORQUE, "x,22-Nov-2014 12:00:00.000,8,49,14,3,2000,50", datetime(2014, 11, 22, 12, tzinfo=UTC)),
    ],
)
def test_dates_of_an_export_are_kept(name: str, header: str, row: str, date: datetime) -> None:
    (drive,) = read_recording([header, row], load_map(name)).drives
    assert drive.absolute
    assert drive.readings[0][0] == date.timestamp()
