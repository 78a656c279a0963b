"""Draws the plots of the producer's README, and prints its numbers: `python services/producer/docs/plots.py`."""

import csv
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from tacho_producer.drivetrain import Drivetrain
from tacho_producer.fleet import Car, Fleet
from tacho_producer.settings import Settings

HERE = Path(__file__).parent
DRIVETRAINS = Path(__file__).parents[3] / "data" / "dims" / "drivetrains" / "drivetrains.csv"
STEPS = 7200


def corolla() -> Drivetrain:
    """The Toyota Corolla of the shipped dims."""
    with DRIVETRAINS.open() as lines:
        row = next(row for row in csv.DictReader(lines) if row["model_id"] == "3")
    ratios = tuple(float(ratio) for ratio in row.pop("gear_ratios").split("|"))
    return Drivetrain(int(row.pop("model_id")), ratios, **{name: float(value) for name, value in row.items()})


def drive(line: Drivetrain) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Two hours of 20 drivers of one model: speed, rpm, gear; steps by cars."""
    cars = [Car(1_000_003 + 7919 * number, line) for number in range(20)]
    parts = []
    for part in Fleet(cars, 1, 1.0, Settings().shares):
        parts.append(part)
        if sum(len(each.rpm) for each in parts) >= STEPS * len(cars):
            break
    return tuple(
        np.concatenate([getattr(part, name) for part in parts])[: STEPS * len(cars)].reshape(STEPS, -1) * scale
        for name, scale in (("tenths", 0.1), ("rpm", 1.0), ("gear", 1.0))
    )  # type: ignore[return-value]


def plot_gears(line: Drivetrain, speed: np.ndarray, rpm: np.ndarray, gear: np.ndarray) -> None:
    """Engine speed over road speed, one ray for each gear."""
    figure = Figure(figsize=(7, 4))
    axes = figure.subplots()
    part = slice(0, 900)
    for number in range(line.gears + 1):
        there = gear[part] == number
        label = f"gear {number}" if number else "neutral"
        axes.scatter(speed[part][there], rpm[part][there], s=3, label=label, rasterized=True)
    axes.axhline(6000, color="grey", linewidth=0.7, linestyle="--")
    axes.axvline(120, color="grey", linewidth=0.7, linestyle="--")
    axes.set(xlabel="speed [km/h]", ylabel="engine speed [1/min]", title="Toyota Corolla, 20 drivers, 15 minutes")
    axes.legend(markerscale=3, fontsize=8)
    figure.tight_layout()
    figure.savefig(HERE / "gears.png", dpi=110)


def plot_trip(speed: np.ndarray, rpm: np.ndarray, gear: np.ndarray) -> None:
    """One car's first minutes over time."""
    figure = Figure(figsize=(7, 5))
    rows = figure.subplots(3, 1, sharex=True)
    seconds = np.arange(240)
    for axes, values, name in zip(rows, (speed, rpm, gear), ("km/h", "1/min", "gear"), strict=True):
        axes.step(seconds, values[:240, 1], where="post", linewidth=1)
        axes.set_ylabel(name)
    rows[-1].set_xlabel("s")
    rows[0].set_title("one car's first four minutes")
    figure.tight_layout()
    figure.savefig(HERE / "trip.png", dpi=110)


def print_numbers(line: Drivetrain, speed: np.ndarray, rpm: np.ndarray, gear: np.ndarray) -> None:
    """The README's table: what rpm per km/h is in each gear, and where drivers shift up out of it."""
    print("| gear | samples | rpm per km/h: drive-train | median | p1 to p99 | shifts up at km/h (p10, p50, p90) |")
    print("|---|---|---|---|---|---|")
    for number, k in enumerate(line.rpm_per_kmh, start=1):
        locked = (gear == number) & (speed * k > 1.02 * line.idle_rpm)
        ratio = rpm[locked] / speed[locked]
        low, middle, high = np.percentile(ratio, [1, 50, 99])
        up = (gear[:-1] == number) & (gear[1:] == number + 1)
        shifts = ", ".join(f"{value:.0f}" for value in np.percentile(speed[1:][up], [10, 50, 90])) if up.any() else "-"
        print(f"| {number} | {locked.sum()} | {k:.2f} | {middle:.2f} | {low:.2f} to {high:.2f} | {shifts} |")


if __name__ == "__main__":
    model = corolla()
    readings = drive(model)
    plot_gears(model, *readings)
    plot_trip(*readings)
    print_numbers(model, *readings)
