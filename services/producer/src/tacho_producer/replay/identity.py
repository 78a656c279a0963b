"""Who drives: which cars the recording's vehicles become, and whose gears a recording without gears is given."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tacho_producer.dims import Dims, is_car_id
from tacho_producer.errors import SettingsError
from tacho_producer.replay.column_map import ColumnMap
from tacho_producer.replay.schedule import Moment

FIRST_CAR_ID = 9_900_001


@dataclass(frozen=True)
class ReplayOptions:
    """What to replay and as what. `car_id`: of the first vehicle, others count up; `model`: id or name in the dims."""

    file: Path
    column_map: str
    car_id: int = FIRST_CAR_ID
    model: str | None = None
    keep_time: bool = False
    fleet_drives: bool = False
    """The dims' cars are being driven by another producer, so their car_ids are not to be had."""
    report: Path | None = None


@dataclass(frozen=True)
class Gears:
    """A drive-train by name, and its engine speed [1/min] at 1 km/h in each gear."""

    name: str
    rpm_per_kmh: tuple[float, ...]


def chosen_gears(dims: Dims, columns: ColumnMap, options: ReplayOptions) -> Gears:
    """Of --model, else of the column map, else of the car in the dims, else the first there is."""
    if not is_car_id(options.car_id):
        raise SettingsError(f"--car-id {options.car_id} is no car_id, they have 7 digits")
    if options.model is not None:
        return _of_model(dims, _model_id(dims, options.model))
    if columns.drivetrain is not None:
        return Gears(columns.drivetrain.name, columns.drivetrain.rpm_per_kmh)
    return _of_model(dims, dict(dims.cars).get(options.car_id, next(iter(dims.drivetrains))))


def _model_id(dims: Dims, wanted: str) -> int:
    for model_id, name in dims.models.items():
        if wanted.lower() in (str(model_id), name.lower()) and model_id in dims.drivetrains:
            return model_id
    raise SettingsError(f"--model {wanted} is not in the dims; they have {', '.join(dims.models.values())}")


def _of_model(dims: Dims, model_id: int) -> Gears:
    return Gears(f"a {dims.models.get(model_id, model_id)}", dims.drivetrains[model_id].rpm_per_kmh)


def vehicles(todo: list[Moment], first_car_id: int) -> dict[str, int]:
    """A car_id for each vehicle of the recording, counting up in name order."""
    names = sorted({moment.vehicle for moment in todo})
    if not is_car_id(first_car_id + len(names) - 1):
        raise SettingsError(f"{len(names)} vehicles do not fit after --car-id {first_car_id}: car_ids have 7 digits")
    return {name: first_car_id + number for number, name in enumerate(names)}


def refuse_driven(dims: Dims, car_ids: Iterable[int]) -> None:
    """Raise SettingsError for a car of the dims: two producers would give its samples the same numbers."""
    if taken := sorted({car_id for car_id, _ in dims.cars}.intersection(car_ids)):
        raise SettingsError(
            f"car {taken[0]} belongs to the fleet that is being driven: leave --car-id out, or choose a car_id "
            "that is not in the dims"
        )


def judged_as(dims: Dims, car_ids: Iterable[int]) -> dict[int, str | None]:
    """By car_id the model with whose drive-train the enricher will judge the gears; None for a car it does not know."""
    models = dict(dims.cars)
    return {car_id: dims.models.get(models[car_id]) if car_id in models else None for car_id in car_ids}
