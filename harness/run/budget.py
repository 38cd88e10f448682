"""How many failures of authentication and deciphering a run may cause before the device locks a client out."""

from harness.declaration import DeviceSecurity
from harness.declaration.protection import Failure
from harness.errors import Inconclusive

__all__ = ["FailureBudget"]


class FailureBudget:
    """Counts the failures that each client has caused in this run, as the device may count them; lives as long as it.

    A device may count over all of a client's connections. What has been spent comes back only where the device is
    declared to forget it.
    """

    def __init__(self, security: DeviceSecurity) -> None:
        self._limit = security.budget
        lock_out = security.lock_out
        self._of_each_client = lock_out is None or lock_out.counted_for == "client"
        self._counts: tuple[Failure, ...] = ("authentication", "deciphering") if lock_out is None else lock_out.counts
        self._forgets = lock_out is not None and lock_out.forgets_on_success
        self._spent: dict[str, int] = {}

    def spend(self, association_id: str, count: int = 1, *, failure: Failure = "authentication") -> None:
        """Take ``count`` failures of a client; raises ``Inconclusive`` and takes none where they are not left."""
        if failure not in self._counts:
            return
        spent = self.spent(association_id)
        if self._limit is not None and spent + count > self._limit:
            raise Inconclusive(
                f"the failure budget of association {association_id} is {self._limit} in a run and {spent} are spent, "
                f"{count} more would be needed (security.failure_budget, security.lock_out)",
                missing="declaration",
            )
        self.take(association_id, count)

    def take(self, association_id: str, count: int) -> None:
        """Count failures of a client that have come to pass, whatever is left."""
        self._spent[self._counted(association_id)] = self.spent(association_id) + count

    def succeeded(self, association_id: str) -> None:
        """Take notice that a client has been let in."""
        if self._forgets:
            self._spent.pop(self._counted(association_id), None)

    def spent(self, association_id: str) -> int:
        """Failures that count against a client so far."""
        return self._spent.get(self._counted(association_id), 0)

    def _counted(self, association_id: str) -> str:
        return association_id if self._of_each_client else ""
