"""How many failures of authentication and deciphering a run may cause before the device locks a client out."""

from harness.errors import Inconclusive

__all__ = ["FailureBudget"]


class FailureBudget:
    """Counts the failures that each client has caused in this run; lives as long as the run.

    A device may count over all of a client's connections and forget only on success, or never: what has been spent
    does not come back.
    """

    def __init__(self, limit: int | None, *, of_each_client: bool = True) -> None:
        self._limit = limit
        self._of_each_client = of_each_client
        self._spent: dict[str, int] = {}

    def spend(self, association_id: str, count: int = 1) -> None:
        """Take ``count`` failures of a client; raises ``Inconclusive`` and takes none where they are not left."""
        spent = self.spent(association_id)
        if self._limit is not None and spent + count > self._limit:
            raise Inconclusive(
                f"the failure budget of association {association_id} is {self._limit} in a run and {spent} are spent, "
                f"{count} more would be needed (security.failure_budget, security.lock_out)",
                missing="declaration",
            )
        self._spent[self._counted(association_id)] = spent + count

    def spent(self, association_id: str) -> int:
        """Failures that count against a client so far."""
        return self._spent.get(self._counted(association_id), 0)

    def _counted(self, association_id: str) -> str:
        return association_id if self._of_each_client else ""
