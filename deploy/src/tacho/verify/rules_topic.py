"""The versions of the rules, as the topic alert-rules holds them."""

from tacho.verify.errors import CannotVerify
from tacho.verify.log import RULES, Topics, read_all
from tacho.verify.rules import History, Rules, read_rules
from tacho.verify.wire import Undecodable, Wire


def history_of(topics: Topics, otherwise: Rules) -> History:
    """Every version published that can be read and is what it says; `otherwise` for all time when there is none."""
    wire = Wire("RulesVersion")
    versions: list[tuple[int, Rules]] = []
    for record in read_all(topics, RULES):
        try:
            published = wire.decode(record.value or b"")
            rules = read_rules(published["text"])
        except (Undecodable, CannotVerify):
            continue
        if rules.version == published["version"]:
            versions.append((published["effective_at"], rules))
    return History(versions or [(0, otherwise)])
