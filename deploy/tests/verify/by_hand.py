"""What a run's services must make of a sample, worked out the long way round: nothing here comes from the verifier."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

START = 1_795_340_000_000
LATENESS_MS = 120_000
MAZDA, OPEL, STRANGER = 1_000_001, 1_000_002, 1_000_003
CARS = {MAZDA: (111_111_111, "Mazda", "3", "Red", 6), OPEL: (222_222_222, "Opel", "Corsa", "Blue", 5)}
DIMS_FOLDER = Path(__file__).parent / "dims"
DIMS = {path.relative_to(DIMS_FOLDER).as_posix(): path.read_bytes() for path in DIMS_FOLDER.rglob("*.csv")}
RULES = (Path(__file__).parent / "rules.yaml").read_text()
RULES_VERSION = "5fd1efc34433"  # sha256sum of the rules written out as canonical JSON by hand
DIMS_VERSION = hashlib.sha256(
    b"".join(path.encode() + b"\n" + DIMS[path] for path in sorted(DIMS)) + b"gear_policy=speed-band\n"
).hexdigest()[:12]

Row = dict[str, Any]


def sample_of(car: int, sequence: int, speed: float, **changes: Any) -> Row:
    gear = changes.pop("gear", min(int(speed / 30 + 0.5) or 1, CARS[car][4] if car in CARS else 5))
    names = {"event_id": f"{car}-{sequence}", "car_id": car, "sequence": sequence}
    return {
        **names,
        **{"event_time": START + sequence * 1000, "speed": speed, "rpm": 2000 + sequence, "gear": gear},
        **changes,
    }


def enriched(sample: Row, timestamp: int) -> Row:
    driver, brand, model, color, gears = CARS.get(sample["car_id"], (None,) * 5)
    gear = None if gears is None else max(1, min(gears, int(sample["speed"] / 30.0 + 0.5)))
    return {
        **sample,
        **{"driver_id": driver, "brand_name": brand, "model_name": model, "color_name": color},
        **{"expected_gear": gear, "gear_low": gear, "gear_high": gear},
        **{"late": timestamp - sample["event_time"] > LATENESS_MS, "logged_at": timestamp},
        "dims_version": DIMS_VERSION,
    }


def alerts_of(row: Row) -> Iterator[Row]:
    base = {n: v for n, v in row.items() if n not in ("sequence", "gear_low", "gear_high", "dims_version")}
    base["rules_version"] = RULES_VERSION
    if row["speed"] > 120:
        yield base | named(row, "speeding", "warning", row["speed"], 120.0)
    if row["gear"] and row["gear_low"] is not None and row["gear"] != row["gear_low"]:
        yield base | named(row, "wrong-gear", "info", float(row["gear"]), float(row["gear_low"]))
    if row["speed"] > 100:
        yield base | named(row, "fast-for-long", "critical", row["speed"], 100.0)


def long_enough(rule: str, alerts: list[Row]) -> bool:
    """Whether these samples in a row, each violating the rule, make an episode."""
    return rule != "fast-for-long" or alerts[-1]["event_time"] - alerts[0]["event_time"] >= 2000


def named(row: Row, rule: str, severity: str, observed: float, limit: float) -> Row:
    names = {"alert_id": f"{row['event_id']}/{rule}", "rule": rule, "severity": severity}
    return names | {"observed": observed, "limit": limit}


def fleet_figures(rows: list[Row]) -> Row:
    in_time = [row for row in rows if not row["late"]]
    figures: Row = {"samples": len(in_time), "late": len(rows) - len(in_time)}
    figures["speed_sum"] = sum(int(row["speed"] * 10.0 + 0.5) for row in in_time)
    for name in ("speed", "rpm", "gear"):
        top = sorted(in_time, key=lambda row: (-row[name], row["event_time"], row["car_id"]))[:1]
        figures[f"max_{name}"] = top[0][name] if top else None
        figures[f"max_{name}_car_id"] = top[0]["car_id"] if top else None
        figures[f"max_{name}_at"] = top[0]["event_time"] if top else None
    return figures


def alert_figures(rows: list[Row]) -> Row:
    rules = [row["rule"] for row in rows if not row["late"]]
    return {"alerts": len(rules), "late": len(rows) - len(rules), "by_rule": {r: rules.count(r) for r in rules}}
