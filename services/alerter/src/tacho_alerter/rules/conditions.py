"""The tree that a condition's text becomes; what it means for samples and for columns is told elsewhere."""

from collections.abc import Iterator
from dataclasses import dataclass

from tacho_alerter.rules.fields import Kind


@dataclass(frozen=True)
class Field:
    """The value of a field."""

    name: str
    kind: Kind


@dataclass(frozen=True)
class Constant:
    """A number, text, true or false."""

    value: float | str | bool
    kind: Kind


@dataclass(frozen=True)
class Minus:
    """The negative of a number."""

    of: "Tree"
    kind = Kind.NUMBER


@dataclass(frozen=True)
class Arithmetic:
    """Two numbers made into one by + - * or /, in doubles."""

    sign: str
    left: "Tree"
    right: "Tree"
    kind = Kind.NUMBER


@dataclass(frozen=True)
class Comparison:
    """Two values of one kind compared by < <= > >= == or !=."""

    sign: str
    left: "Tree"
    right: "Tree"
    kind = Kind.TRUTH


@dataclass(frozen=True)
class Not:
    """The opposite of a truth."""

    of: "Tree"
    kind = Kind.TRUTH


@dataclass(frozen=True)
class Joined:
    """Two truths or more, all (`and`) or one (`or`) of which must hold."""

    word: str
    parts: tuple["Tree", ...]
    kind = Kind.TRUTH


Tree = Field | Constant | Minus | Arithmetic | Comparison | Not | Joined


def children(tree: Tree) -> tuple[Tree, ...]:
    """The trees directly below this one."""
    match tree:
        case Minus(of) | Not(of):
            return (of,)
        case Arithmetic(_, left, right) | Comparison(_, left, right):
            return (left, right)
        case Joined(_, parts):
            return parts
        case _:
            return ()


def fields(tree: Tree) -> Iterator[Field]:
    """Every field it looks at."""
    if isinstance(tree, Field):
        yield tree
    for child in children(tree):
        yield from fields(child)
