"""Good exchanges, which show that the device lives, and the ladder that brings it back."""

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from harness.declaration import AssociationDeclaration as DeclaredAssociation
from harness.declaration import CosemObject, Declaration, Door
from harness.errors import (
    ConnectionLost,
    Garbled,
    Inconclusive,
    LineDamaged,
    PortGone,
    ProtocolViolation,
    Refused,
    Silent,
)
from harness.headend.client import Client, item, value_of
from harness.headend.ladder import NO_LADDER, Ladder, rests_within
from harness.headend.link_for import disconnect_frame

if TYPE_CHECKING:
    from harness.headend.head_end import HeadEnd

__all__ = ["GoodExchanges", "good_clients"]

_VALUE = 2
_RESTS_S = (0.5, 2.0, 5.0)
_MOST_LEARNT_REST_S = 2.0
"""A device that was down for longer has not only been asked too soon."""
_ADDED_PATIENCE = 1.1
_LEAST_FRAME_OCTETS = 9


def good_clients(declaration: Declaration, door: Door) -> Iterator[DeclaredAssociation]:
    """Yield the clients of good exchanges at a door, the public one first."""
    able = [one for one in declaration.associations if not one.pre_established and one.fits(door.id)]
    yield from sorted(able, key=lambda one: one.role != "public")


class GoodExchanges:
    """Good exchanges at the door of ``head_end``; ``let_pass`` lets the door's time pass in seconds."""

    def __init__(self, head_end: "HeadEnd", let_pass: Callable[[float], None], *, ladder: Ladder = NO_LADDER) -> None:
        self.last_failure = ""
        """Why the last good exchange was none."""
        self._head_end = head_end
        self._let_pass = let_pass
        self._ladder = ladder
        self._was_shut = False
        """Whether the last one failed because the door was shut or the connection was cut."""

    def exchange(self) -> None:
        """Read the probe attribute over a connection of its own; raises what went wrong.

        A client that is refused gives way to the next one that is declared, and a value that is refused shows as
        much life as a value does. Damaged octets here are the line's (``LineDamaged``), since this exchange must be
        good on a sound line; what comes over TCP or UDP has been checked by them, so there damage is the device's.
        """
        door = self._head_end.door
        refused: Refused | None = None
        for declared in good_clients(self._head_end.declaration, self._head_end.door):
            try:
                self._read_probe(declared)
            except Refused as no:
                refused = no
                continue
            except Garbled as error:
                if door.protocol == "wrapper":
                    raise
                raise LineDamaged(f"good exchange at door {door.id}: {error}") from error
            return
        if refused is None:
            raise Inconclusive(f"no association is declared that can be opened at {door.id}", missing="declaration")
        raise refused

    def _read_probe(self, declared: DeclaredAssociation) -> None:
        """Associate and read; a data-access-result counts as an answer, all other refusals are raised."""
        client = Client(self._head_end, declared)
        try:
            client.establish_unjudged()
            probe = self._head_end.declaration.object(self._head_end.declaration.objects.probe)
            if isinstance(probe, CosemObject):
                wanted = item(probe, _VALUE)
                value_of(client.services.get(wanted), wanted)
        except Refused as refused:
            if not refused.answer.startswith("dar:"):
                raise
        finally:
            client.close()

    def answers(self) -> bool:
        """Whether a good exchange succeeds now; an unplugged local port raises ``PortGone``.

        A device that has never been sound here and answers, whole frame by whole frame, what does not decode is no
        device that went down: it lives, and scenarios judge what it says.
        """
        self._was_shut = False
        timing = self._head_end.timing
        try:
            with self._head_end.in_step("good exchange"):
                self.exchange()
        except (Silent, ProtocolViolation, ConnectionLost, Refused) as failure:
            self.last_failure = str(failure)
            self._was_shut = isinstance(failure, ConnectionLost)
            speaks = isinstance(failure, ProtocolViolation) and not isinstance(failure, Garbled)
            return speaks and not timing.has_been_sound
        except PortGone as gone:
            if not self._head_end.door.is_network:
                raise
            self.last_failure = str(gone)
            self._was_shut = True
            return False
        timing.has_been_sound = True
        return True

    def answers_after_rest(self, rest_s: float = _RESTS_S[0]) -> bool:
        """Whether a good exchange succeeds once the device has had a rest of ``rest_s``.

        If it does where the device had shut us out, that much rest is given before every connection from now on.
        """
        was_shut = self._was_shut
        self._let_pass(rest_s)
        if not self.answers():
            return False
        if was_shut and rest_s <= _MOST_LEARNT_REST_S:
            timing = self._head_end.timing
            timing.learnt_rest_s = max(timing.learnt_rest_s, rest_s)
        return True

    def recover(self) -> bool:
        """Climb the recovery ladder: release, rest, DISC, reconnect, the inactivity time-out, the device's supply."""
        self._head_end.close_all()
        if self._came_back("released, after rests", _RESTS_S):
            return True
        if self._head_end.door.protocol == "hdlc" and self._disconnected() and self._came_back("DISC", _RESTS_S[:1]):
            return True
        self.sit_out()
        self._was_shut = False  # what comes back after so long needs no rest before each connection
        if self._came_back("after the inactivity time-out", _RESTS_S):
            return True
        if not self._head_end.timing.has_answered:
            return False  # what has never answered is not where we look for it, rather than down
        allowed_s = self._ladder.cycle_power(self._head_end.door.id)
        return allowed_s is not None and self._came_back("after the power cycle", rests_within(allowed_s))

    def _came_back(self, rung: str, rests_s: Sequence[float]) -> bool:
        """Whether a good exchange succeeds after one of the rests; the rung is told of."""
        alive = any(self.answers_after_rest(rest_s) for rest_s in rests_s)
        why = "" if alive else self.last_failure
        self._ladder.climbed(self._head_end.door.id, rung, alive=alive, why=why)
        return alive

    def _disconnected(self) -> bool:
        """Send DISC for the client of good exchanges over a line of its own; whether the line took it."""
        declared = next(good_clients(self._head_end.declaration, self._head_end.door), None)
        if declared is None or self._head_end.door.through is not None:
            return False
        try:
            line = self._head_end.raw_line()
            try:
                line.send(disconnect_frame(self._head_end.door, declared), "DISC")
                line.receive(self._head_end.timing.silence_s, enough=_LEAST_FRAME_OCTETS)
            finally:
                line.close()
        except (ConnectionLost, PortGone):
            return False
        return True

    def sit_out(self) -> None:
        """Let the device's inactivity time-out pass."""
        self._let_pass(self._head_end.timing.inactivity_timeout_s * _ADDED_PATIENCE)
