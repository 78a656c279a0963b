"""Column maps: how one kind of recording names and measures things. Data, in `maps/*.yaml` or a file of the user's."""

from importlib.resources import files
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, PositiveFloat, ValidationError

from tacho_producer.drivetrain import rpm_per_kmh
from tacho_producer.errors import SettingsError, shown


class Channel(BaseModel):
    """Where one quantity is: its column (or, in long form, signal name), unit, and values that mean "not read"."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    column: str
    unit: Literal["km/h", "mph", "m/s", "rpm", "gear"]
    invalid: tuple[float, ...] = ()
    words: dict[str, float] = {}
    """What a word in place of a number means."""

    @property
    def factor(self) -> float:
        """What a value is multiplied by to be in km/h, 1/min or gears."""
        return {"mph": 1.609344, "m/s": 3.6}.get(self.unit, 1.0)


class Time(BaseModel):
    """When a row was recorded: `relative` to its trip, a `delay` since the row before, `time-of-day`, or `auto` (epoch
    or date)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    column: str
    kind: Literal["relative", "delay", "time-of-day", "auto"]
    unit: Literal["s", "ms"] = "s"


class RecordedGears(BaseModel):
    """The drive-train of the vehicles these recordings are of: what engine speed a road speed means in each gear."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    gear_ratios: tuple[PositiveFloat, ...] = Field(min_length=1, max_length=10)
    final_drive: PositiveFloat
    tyre_circumference_m: PositiveFloat

    @property
    def rpm_per_kmh(self) -> tuple[float, ...]:
        """Engine speed [1/min] at 1 km/h in each gear."""
        return rpm_per_kmh(self.gear_ratios, self.final_drive, self.tyre_circumference_m)


class ColumnMap(BaseModel):
    """One kind of recording. Of several channels for a quantity, the first the file has is used."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    form: Literal["wide", "long"]
    time: Time
    speed: tuple[Channel, ...] = Field(min_length=1)
    rpm: tuple[Channel, ...] = Field(min_length=1)
    gear: tuple[Channel, ...] = ()
    gear_measured: bool = True
    drivetrain: RecordedGears | None = None
    """Derives the gears of a file that has none, unless a model of the dims is asked for."""
    signal_column: str = "signal"
    value_column: str = "value"
    vehicle_column: str | None = None
    trip_column: str | None = None
    fill_seconds: float = Field(gt=0)


def map_names() -> tuple[str, ...]:
    """The maps that ship with the producer."""
    folder = files("tacho_producer.replay") / "maps"
    return tuple(sorted(entry.name.removesuffix(".yaml") for entry in folder.iterdir() if entry.name.endswith(".yaml")))


def load_map(name_or_file: str) -> ColumnMap:
    """A shipped map by name, or one from a yaml file. Raises SettingsError with the names there are."""
    try:
        if name_or_file in map_names():
            content = (files("tacho_producer.replay") / "maps" / f"{name_or_file}.yaml").read_bytes()
        else:
            content = Path(name_or_file).read_bytes()
    except OSError as error:
        known = ", ".join(map_names())
        raise SettingsError(f"no column map {shown(name_or_file)}: give a yaml file or one of {known}") from error
    try:
        text = yaml.safe_load(content.decode("utf-8"))
        if text is None:
            raise SettingsError(f"{shown(name_or_file)} is not a column map: it is empty")
        return ColumnMap.model_validate(text)
    except (UnicodeDecodeError, yaml.YAMLError, ValidationError) as error:
        raise SettingsError(f"{shown(name_or_file)} is not a column map: {_mistake(error)}") from error


def _mistake(error: Exception) -> str:
    """The first mistake in a few words, with the key or the line it is at."""
    if isinstance(error, ValidationError):
        first = error.errors(include_url=False)[0]
        key = shown(".".join(map(str, first["loc"]))) or "the file"
        got = "" if first["type"] in ("missing", "extra_forbidden") else f", got {repr(first['input'])[:80]}"
        return f"{key}: {first['msg']}{got}"
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark:
        mark = error.problem_mark
        return f"line {mark.line + 1}, column {mark.column + 1}: {shown(str(error.problem))}"
    return "it is not a text file in YAML"
