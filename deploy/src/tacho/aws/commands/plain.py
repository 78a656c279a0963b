"""The group of commands in which whatever AWS raises becomes one sentence."""

from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from typer.core import TyperGroup

from tacho.aws.adapters.sentences import sentence
from tacho.errors import TachoError


class PlainGroup(TyperGroup):
    """Turns what AWS's clients raise into a TachoError, which the command line prints and exits with."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command that was asked for."""
        try:
            return super().invoke(ctx)
        except (BotoCoreError, ClientError) as error:
            raise TachoError(sentence(error)) from error
