"""The dashboard's settings, from the environment only (prefix TACHO_DASHBOARD_)."""

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from tacho_contracts.exposing import HOST
from tacho_contracts.exposing import Port as MetricsPort


class Settings(BaseSettings):
    """Every setting has a default that works on a laptop."""

    model_config = SettingsConfigDict(env_prefix="TACHO_DASHBOARD_", frozen=True)

    host: str = Field(default=HOST, description="address on which the page is served")
    port: int = Field(default=8080, ge=1, le=65_535, description="port on which the page is served")
    instance: str = Field(default="dashboard", min_length=1, description="name of this process in service-status")
    history_seconds: int = Field(
        default=900,
        ge=10,
        le=7_200,
        description="samples kept of each car, at one a second; and how far a start reads back",
    )
    cars: int = Field(default=10_000, ge=1, le=100_000, description="cars kept at most; more are counted and left out")
    streams: int = Field(default=200, ge=1, le=10_000, description="pages that may be open at once")
    playbacks: int = Field(default=4, ge=1, le=16, description="playbacks at once")
    playback_hours: float = Field(default=2.0, gt=0.0, le=24.0, description="longest time one playback may run")
    status_seconds: float = Field(default=2.0, gt=0.0, description="time between two statuses")
    metrics_port: MetricsPort = Field(
        default=0,
        description="port that shows `/metrics`, `/healthz` and `/readyz` as other services do, besides the page's "
        "port; 0 or empty: none is opened",
    )
    metrics_host: str = Field(default=HOST, description="address on which that port is opened")
    restarts: int = Field(
        default=0,
        ge=0,
        validation_alias="TACHO_RESTARTS",
        description="how often the supervisor has restarted this process; shown in service-status",
    )


def variable(name: str) -> str:
    """The environment variable of a setting, given by its field or by the alias that pydantic calls it by."""
    alias = Settings.model_fields[name].validation_alias if name in Settings.model_fields else name
    return str(alias or f"TACHO_DASHBOARD_{name.upper()}")


def first_mistake(error: Exception) -> str:
    """One sentence on why the process cannot start."""
    if not isinstance(error, ValidationError):
        return str(error)
    first = error.errors(include_url=False)[0]
    return f"{variable(str(first['loc'][0]))}: {first['msg']}, got {first['input']!r}"
