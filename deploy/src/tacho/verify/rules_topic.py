"""The versions of the rules, as the topic alert-rules holds them."""

from tacho.verify.errors import CannotVerify
from tacho.verify.log import RULES, Topics, read_all
from tacho.verify.rules import History, Rules, read_rules
from tacho.verify.wire import Undecodable, Wire


def history_of(topics: Topics, otherwise: Rules) -> History:
    """Every version published; `otherwise` from the beginning of time when none was.

    Raises CannotVerify when one of them is not usable.
    """
    wire = Wire("RulesVersion")
    versions: list[tuple[int, Rules]] = []
    for record in read_all(topics, RULES):
        try:
            published = wire.decode(record.value or b"")
        except Undecodable as error:
            raise CannotVerify(f"{RULES} holds something else at offset {record.offset}: {error.reason}") from error
        versions.append((published["effective_at"], read_rules(published["text"])))
    return History(versions or [(0, otherwise)])
