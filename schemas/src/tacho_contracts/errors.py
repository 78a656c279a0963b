"""What can be wrong with a contract or with a record that should keep one."""


class ContractError(Exception):
    """The contracts themselves are unusable (a missing schema, a broken catalogue); the process must not start."""


class Rejected(Exception):
    """One record breaks its contract; the caller sends it to dead-letters and goes on. Never retry.

    reason: a word of the catalogue's closed list `x-reject-reasons`; detail: what exactly was wrong, for people.
    """

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail
