"""What the meter makes of attacks: events after the n-th failure, and the lock-out of a client."""

from collections import Counter
from collections.abc import Callable

from reference_meter.model.event_log import EventLogs
from reference_meter.model.event_settings import EventRole, EventSettings

__all__ = ["Attacks"]


class Attacks:
    """Failures are counted by client; times are seconds of line time."""

    def __init__(self, settings: EventSettings, logs: EventLogs, raise_alarm: Callable[[], None]) -> None:
        self.line_now: Callable[[], float] = lambda: 0.0
        """Where line time comes from; the meter with its links knows."""
        self._settings = settings
        self._logs = logs
        self._raise_alarm = raise_alarm
        self._failures: Counter[tuple[EventRole, int]] = Counter()
        """Since the last event."""
        self._failed_in_a_row: Counter[int] = Counter()
        self._locked_until: dict[int, float] = {}

    def authentication_failed(self, client: int) -> None:
        """Count an attempt; the last one allowed locks the client out."""
        self._count("authentication_failure", client, self._settings.authentication_failures)
        lock_out = self._settings.lock_out
        if lock_out is None:
            return
        self._failed_in_a_row[client] += 1
        if self._failed_in_a_row[client] >= lock_out.failures:
            self._locked_until[client] = self.line_now() + lock_out.seconds
            del self._failed_in_a_row[client]

    def deciphering_failed(self, client: int) -> None:
        """Count a message that could not be deciphered."""
        self._count("decryption_failure", client, self._settings.decryption_failures)

    def replayed(self, client: int) -> None:
        """Count an authentic message whose counter was used before."""
        self._count("replay", client, self._settings.replays)

    def authenticated(self, client: int) -> None:
        """Forget the failed attempts of a client that has come in."""
        self._failures.pop(("authentication_failure", client), None)
        self._failed_in_a_row.pop(client, None)

    def lock_out_diagnostic(self, client: int) -> int:
        """The diagnostic of every refusal while the client is locked out, 0 otherwise."""
        lock_out = self._settings.lock_out
        if lock_out is None or self.line_now() >= self._locked_until.get(client, 0.0):
            return 0
        return lock_out.diagnostic

    def forget_volatile(self) -> None:
        """Lose what a power cut takes away: failures in a row; a lock-out stays."""
        self._failures.clear()
        self._failed_in_a_row.clear()

    def _count(self, role: EventRole, client: int, every: int) -> None:
        self._failures[role, client] += 1
        if self._failures[role, client] >= every:
            del self._failures[role, client]
            self._raise_alarm()
            self._logs.record(role)
