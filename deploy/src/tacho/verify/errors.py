"""Why a run cannot be verified at all, as opposed to being verified and found wanting."""

from tacho.errors import TachoError


class CannotVerify(TachoError):
    """One sentence: what is missing to prove anything, and what to do about it. Nothing was compared."""

    exit_code = 2
