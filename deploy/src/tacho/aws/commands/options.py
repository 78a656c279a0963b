"""Options that several `tacho aws` commands share."""

from typing import Annotated

import typer

Env = Annotated[str, typer.Option("--env", envvar="TACHO_AWS_ENV", help="Environment: the name of a file in env/.")]
Region = Annotated[str | None, typer.Option(help="AWS region; else the environment's.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Agree to every question.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
DEFAULT_ENV = "dev"
