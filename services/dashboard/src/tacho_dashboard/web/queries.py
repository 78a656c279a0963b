"""What a client may ask for, checked; what is wrong is said in one sentence."""

from collections.abc import Mapping


class BadQuery(Exception):
    """The client's mistake, as a sentence for it. Answered with 400."""


class NotHere(Exception):
    """There is no such thing, as a sentence for the client. Answered with 404."""


def known(query: Mapping[str, str], *names: str) -> Mapping[str, str]:
    """The query, if it asks for nothing but `names`. Raises BadQuery."""
    unknown = sorted(set(query) - set(names))
    if unknown:
        may = f"it may have {', '.join(names)}" if names else "it takes none"
        raise BadQuery(f"This address has no parameter {unknown[0][:40]!r}: {may}.")
    return query


def whole(query: Mapping[str, str], name: str, default: int, most: int) -> int:
    """A whole number from 1 to `most`. Raises BadQuery."""
    text = query.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 19 and 1 <= int(text) <= most):
        raise BadQuery(f"{name} must be a whole number from 1 to {most}, not {text[:40]!r}.")
    return int(text)


def one_of(query: Mapping[str, str], name: str, choices: tuple[str, ...]) -> str:
    """One of `choices`, the first by default. Raises BadQuery."""
    text = query.get(name, choices[0])
    if text not in choices:
        raise BadQuery(f"{name} must be one of {', '.join(choices)}, not {text[:40]!r}.")
    return text


def car_number(text: str) -> int:
    """A car_id: 7 digits. Raises NotHere."""
    if not (text.isascii() and text.isdigit() and len(text) == 7):
        raise NotHere(f"{text[:40]!r} is no car: a car_id has 7 digits.")
    return int(text)
