"""Reading the text of a condition.

Python's parser reads it, after a look at each of its words: only what the language of conditions knows gets there, and
not too much of it. Of the parser's tree again only what is on the list is taken. Nothing is ever evaluated as Python.
"""

import ast
import re
from collections.abc import Mapping

from tacho_alerter.rules.conditions import Arithmetic, Comparison, Constant, Field, Joined, Minus, Not, Tree
from tacho_alerter.rules.fields import Kind, kinds

MOST_CHARACTERS = 500
DEEPEST = 16
_WORD = re.compile(
    r"""[ \t\n]+|(?P<number>[0-9]+(?:\.[0-9]+)?)|(?P<text>"[^"\\\n]*")|(?P<name>[A-Za-z_][A-Za-z0-9_]*)"""
    r"""|(?P<sign><=|>=|==|!=|[-+*/<>()])"""
)
_LONGEST_NUMBER = 31
_PYTHON = {"true": "True", "false": "False"}
_LINKS = ("and", "or", "not")
_SIGNS: Mapping[type[ast.AST], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.And: "and",
    ast.Or: "or",
}


class BadCondition(Exception):
    """The text says what is wrong with a condition and what to do; the reader adds the place."""


def parse(text: str) -> Tree:
    """The tree of a condition, which is true, false or unknown of a sample. Raises BadCondition."""
    if len(text) > MOST_CHARACTERS:
        raise BadCondition(f"the condition is longer than {MOST_CHARACTERS} characters; split the rule")
    words = _words(text)
    _refuse_nesting(words)
    try:
        parsed = ast.parse(" ".join(_PYTHON.get(word, word) for word in words), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise BadCondition(
            f"{text!r} cannot be read as a condition; write it as in speed > 50 and not gear == 0"
        ) from None
    return _of_kind(Kind.TRUTH, parsed.body, "the whole condition", 1)


def _words(text: str) -> list[str]:
    words: list[str] = []
    at = 0
    while at < len(text):
        found = _WORD.match(text, at)
        if found is None:
            raise BadCondition(_unknown(text[at:]))
        at = found.end()
        if found.lastgroup is None:
            continue
        word = found.group()
        if found["name"]:
            _check_name(word, text[at:])
        if found["number"] and len(word) > _LONGEST_NUMBER:
            raise BadCondition(f"the number {word[:12]}... has too many digits; round it")
        if found["text"] and words and words[-1].startswith('"'):
            raise BadCondition(f"between {words[-1]} and {word} something is missing; write == or and")
        words.append(word)
    return words


def _check_name(name: str, rest: str) -> None:
    if rest.lstrip().startswith("(") and name not in _LINKS:
        raise BadCondition(f"{name}(...) is a call, and there are none; compare fields with numbers")
    if name not in kinds() and name not in (*_LINKS, *_PYTHON):
        wanted = f"write numbers without unit, text in quotes, or one of {', '.join(kinds())}"
        raise BadCondition(f"{name!r} is no field of EnrichedSample; {wanted}")


def _unknown(rest: str) -> str:
    hints = {
        "=": "write == for equal",
        "&": "write and",
        "|": "write or",
        "!": "write not, or != for unequal",
        "'": 'put text between double quotes ("), without backslashes',
        '"': 'put text between double quotes ("), without backslashes',
        ".": "there are no attributes; a number begins with a digit",
        "[": "there are no indexes",
    }
    return f"{rest[:12]!r} cannot be read; {hints.get(rest[0], 'take it out')}"


def _refuse_nesting(words: list[str]) -> None:
    """Refuse what would nest too deep, before a parser that recurses sees it."""
    opened = prefixes = 0
    for word in words:
        opened += (word == "(") - (word == ")")
        prefixes = prefixes + 1 if word in ("not", "-", "+", "(") else 0
        if max(opened, prefixes) > DEEPEST:
            raise BadCondition(f"the condition is more than {DEEPEST} levels deep; split the rule")


def _tree(node: ast.AST, level: int) -> Tree:  # noqa: PLR0911 - one line for each thing that is known
    if level > DEEPEST:
        raise BadCondition(f"the condition is more than {DEEPEST} levels deep; split the rule")
    below = level + 1
    match node:
        case ast.Name(id=name):
            return Field(name, kinds()[name])
        case ast.Constant(value=bool(value)):
            return Constant(value, Kind.TRUTH)
        case ast.Constant(value=int(value) | float(value)):
            return Constant(float(value), Kind.NUMBER)
        case ast.Constant(value=str(value)):
            return Constant(value, Kind.TEXT)
        case ast.UnaryOp(op=ast.Not(), operand=of):
            return Not(_of_kind(Kind.TRUTH, of, "not", below))
        case ast.UnaryOp(op=ast.USub(), operand=of):
            return Minus(_of_kind(Kind.NUMBER, of, "-", below))
        case ast.UnaryOp(op=ast.UAdd(), operand=of):
            return _of_kind(Kind.NUMBER, of, "+", below)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _SIGNS:
            sign = _SIGNS[type(op)]
            return Arithmetic(sign, *(_of_kind(Kind.NUMBER, part, sign, below) for part in (left, right)))
        case ast.BoolOp(op=op, values=values):
            word = _SIGNS[type(op)]
            return Joined(word, tuple(_of_kind(Kind.TRUTH, part, word, below) for part in values))
        case ast.Compare(left=left, ops=ops, comparators=rights):
            parts = [_tree(part, below) for part in (left, *rights)]
            links = [_link(_SIGNS[type(op)], *parts[at : at + 2]) for at, op in enumerate(ops)]
            return links[0] if len(links) == 1 else Joined("and", tuple(links))
    raise BadCondition("only + - * /, comparisons, and, or, not and parentheses are known; write it with these")


def _of_kind(kind: Kind, node: ast.AST, where: str, level: int) -> Tree:
    tree = _tree(node, level)
    if tree.kind is not kind:
        remedy = "compare it, as in speed > 50" if kind is Kind.TRUTH else "use numbers"
        raise BadCondition(f"{where} needs {kind.value} and has {tree.kind.value}; {remedy}")
    return tree


def _link(sign: str, left: Tree, right: Tree) -> Comparison:
    if left.kind is not right.kind:
        raise BadCondition(f"{sign} compares {left.kind.value} with {right.kind.value}; compare things of one kind")
    if left.kind is not Kind.NUMBER and sign not in ("==", "!="):
        raise BadCondition(f"{sign} is for numbers; compare {left.kind.value} with == or !=")
    return Comparison(sign, left, right)
