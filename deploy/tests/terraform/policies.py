"""IAM as far as our policies use it: is an action on a resource allowed, and nowhere denied?"""

from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase

from deploy.tests.terraform.reading import Statement

OPERATORS = ("StringEquals", "StringLike", "ArnEquals", "ArnLike", "Bool")


def allowed(
    statements: Iterable[Statement], action: str, resource: str, request: Mapping[str, str] | None = None
) -> bool:
    """Whether a role with these statements may do it; `request` holds the condition keys AWS would fill in."""
    matching = [statement.effect for statement in statements if _applies(statement, action, resource, request or {})]
    return "Allow" in matching and "Deny" not in matching


def _applies(statement: Statement, action: str, resource: str, request: Mapping[str, str]) -> bool:
    return (
        any(fnmatchcase(action, pattern) for pattern in statement.actions)
        and any(fnmatchcase(resource, pattern) for pattern in statement.resources)
        and all(_holds(operator, keys, request) for operator, keys in statement.condition.items())
    )


def _holds(operator: str, keys: Mapping[str, str | list[str]], request: Mapping[str, str]) -> bool:
    assert operator in OPERATORS, f"say what {operator} means"
    return all(
        key in request
        and any(fnmatchcase(request[key], wanted) for wanted in ([values] if isinstance(values, str) else values))
        for key, values in keys.items()
    )
