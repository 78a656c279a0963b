"""The alerter's settings, from the environment only (prefix TACHO_ALERTER_)."""

import tempfile
from pathlib import Path

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from tacho_contracts.exposing import HOST, Port

PACKAGED_RULES = Path(__file__).with_name("rules.yaml")


class Settings(BaseSettings):
    """Every setting has a default that works on a laptop."""

    model_config = SettingsConfigDict(env_prefix="TACHO_ALERTER_", frozen=True)

    group: str = Field(default="tacho-alerter", min_length=1, description="Kafka consumer group")
    member: str = Field(
        default="",
        description="fixed name of this worker within the group, so that a restart takes its partitions back at once; "
        "must differ between workers; empty: no fixed name",
    )
    instance: str = Field(default="alerter", min_length=1, description="name of this worker in service-status")
    data_dir: Path = Field(
        default=Path(tempfile.gettempdir()) / "tacho-alerter",
        description="folder for Faust's files; never read back",
    )
    session_timeout_seconds: float = Field(
        default=10.0, ge=6.0, le=60.0, description="how long a killed worker holds its partitions"
    )
    save_seconds: float = Field(
        default=2.0,
        gt=0.0,
        le=60.0,
        description="time between two savings of the state; after a crash as much is judged and sent again",
    )
    status_seconds: float = Field(default=2.0, gt=0.0, description="time between two statuses")
    metrics_seconds: float = Field(default=10.0, gt=0.0, description="time between two lines of console metrics")
    metrics_port: Port = Field(
        default=0, description="port of `/metrics`, `/healthz` and `/readyz`; 0 or empty: none is opened"
    )
    metrics_host: str = Field(default=HOST, description="address on which that port is opened")
    wait_seconds: float = Field(
        default=60.0, ge=0.0, description="how long a start waits for the broker and its topics"
    )
    restarts: int = Field(
        default=0,
        ge=0,
        validation_alias="TACHO_RESTARTS",
        description="how often the supervisor has restarted this worker; shown in service-status",
    )


def variable(name: str) -> str:
    """The environment variable of a setting, given by its field or by the alias that pydantic calls it by."""
    alias = Settings.model_fields[name].validation_alias if name in Settings.model_fields else name
    return str(alias or f"TACHO_ALERTER_{name.upper()}")


def first_mistake(error: Exception) -> str:
    """One sentence on why the process cannot start."""
    if not isinstance(error, ValidationError):
        return str(error)
    first = error.errors(include_url=False)[0]
    return f"{variable(str(first['loc'][0]))}: {first['msg']}, got {first['input']!r}"
