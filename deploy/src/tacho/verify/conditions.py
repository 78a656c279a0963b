"""Conditions over the fields of a sample, with SQL's third truth value: None stands for null and for unknown.

Written from the grammar in docs/rules.md: a text becomes a tree of tuples, and a tree is walked for each sample.
"""

import operator
import re
from collections.abc import Mapping
from typing import Any

Tree = tuple[Any, ...]
"""`("number", 1.0)`, `("field", "speed")`, `("not", tree)`, `("<", left, right)` and so on; a chain is an `and`."""

_TOKEN = re.compile(
    r"""\s*(?:(\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)|("[^"]*")|(\w+)|([<>=!]=|[-+*/<>()]))"""
)
_COMPARISONS = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}
_SUMS = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv}


def parse(text: str) -> Tree:
    """The tree of a condition. Raises ValueError when it cannot be read."""
    parser = _Parser(_tokens(text))
    tree = parser.either()
    parser.end()
    return tree


def fields(tree: Tree) -> set[str]:
    """Every field a condition looks at."""
    if tree[0] == "field":
        return {tree[1]}
    return {name for part in tree[1:] if isinstance(part, tuple) for name in fields(part)}


def value(tree: Tree, sample: Mapping[str, Any]) -> Any:
    """What a condition comes to for one sample; None: null, or neither true nor false."""
    kind = tree[0]
    if kind == "field":
        return sample[tree[1]]
    if kind in ("number", "text", "truth"):
        return tree[1]
    parts = [value(part, sample) for part in tree[1:]]
    if kind in ("and", "or"):
        return _joined(kind == "or", parts)
    return None if None in parts else _applied(kind, parts)


def _joined(decides: bool, parts: list[bool | None]) -> bool | None:
    """`or` is decided by one true part, `and` by one false; else a null leaves it unknown."""
    if decides in parts:
        return decides
    return None if None in parts else not decides


def _applied(kind: str, parts: list[Any]) -> Any:
    if kind == "not":
        return not parts[0]
    if kind == "minus":
        return -parts[0]
    if kind == "/" and parts[1] == 0:
        return None
    return (_COMPARISONS | _SUMS)[kind](*parts)


def _tokens(text: str) -> list[Tree]:
    tokens: list[Tree] = []
    at = 0
    while text[at:].strip():
        found = _TOKEN.match(text, at)
        if found is None:
            raise ValueError(f"{text!r} cannot be read from {text[at:]!r} on")
        number, quoted, word, sign = found.groups()
        if number:
            tokens.append(("number", float(number)))
        elif quoted:
            tokens.append(("text", quoted[1:-1]))
        elif word in ("true", "false"):
            tokens.append(("truth", word == "true"))
        elif word in ("and", "or", "not"):
            tokens.append(("sign", word))
        else:
            tokens.append(("field", word) if word else ("sign", sign))
        at = found.end()
    return tokens


class _Parser:
    """Recursive descent, the loosest binding first: or, and, not, comparisons, sums, products, minus."""

    def __init__(self, tokens: list[Tree]) -> None:
        self._tokens = tokens

    def end(self) -> None:
        if self._tokens:
            raise ValueError(f"{self._tokens[0][1]!r} is not expected there")

    def either(self) -> Tree:
        parts = [self._both()]
        while self._takes("or"):
            parts.append(self._both())
        return parts[0] if len(parts) == 1 else ("or", *parts)

    def _both(self) -> Tree:
        parts = [self._not()]
        while self._takes("and"):
            parts.append(self._not())
        return parts[0] if len(parts) == 1 else ("and", *parts)

    def _not(self) -> Tree:
        return ("not", self._not()) if self._takes("not") else self._comparison()

    def _comparison(self) -> Tree:
        left, links = self._sum(), []
        while sign := self._takes(*_COMPARISONS):
            right = self._sum()
            links.append((sign, left, right))
            left = right
        if not links:
            return left
        return links[0] if len(links) == 1 else ("and", *links)

    def _sum(self) -> Tree:
        tree = self._product()
        while sign := self._takes("+", "-"):
            tree = (sign, tree, self._product())
        return tree

    def _product(self) -> Tree:
        tree = self._minus()
        while sign := self._takes("*", "/"):
            tree = (sign, tree, self._minus())
        return tree

    def _minus(self) -> Tree:
        if self._takes("-"):
            return ("minus", self._minus())
        return self._minus() if self._takes("+") else self._atom()

    def _atom(self) -> Tree:
        if self._takes("("):
            tree = self.either()
            if not self._takes(")"):
                raise ValueError("a parenthesis is not closed")
            return tree
        if not self._tokens or self._tokens[0][0] == "sign":
            raise ValueError("a value is missing")
        return self._tokens.pop(0)

    def _takes(self, *signs: str) -> str | None:
        if self._tokens and self._tokens[0][0] == "sign" and self._tokens[0][1] in signs:
            return str(self._tokens.pop(0)[1])
        return None
