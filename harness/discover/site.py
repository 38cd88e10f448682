"""One door for discovery: a head end for whatever is known of it so far, and the patience that it needs."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

from harness.declaration import Declaration, parse_declaration
from harness.discover.found import Found
from harness.discover.plan import PlannedClient
from harness.errors import ConformeterError, PortGone
from harness.evidence.trace import Trace
from harness.headend.client import Client
from harness.headend.head_end import HeadEnd, timing_of
from harness.headend.restoring.key_ring import KeyRing
from harness.keys import KeyStore
from harness.transport.urls import TransportFactory

__all__ = ["Site"]

_RESTS_S: Final = (1.0, 2.0, 5.0)
_UNKNOWN: Final = {"name": "discovered", "medium": "electricity"} | dict.fromkeys(
    ("manufacturer", "type", "serial", "firmware"), "unknown"
)
_USUAL_COUNTER: Final = "0.0.43.1.0.255"
_NAME: Final = {"class": 1, "obis": "0.0.42.0.0.255"}


class Site:
    """Makes head ends at one door; all of them share transports, trace, timing and rests."""

    def __init__(self, found: Found, trace: Trace, *, folder: Path, state: Path, response_time_s: float) -> None:
        """``folder`` is where references to files begin, ``state`` a folder that nobody needs afterwards."""
        self.found = found
        self.trace = trace
        self.counter_object = _USUAL_COUNTER
        """OBIS code of the invocation counter that the device announces; before it has, the usual one."""
        self.refused: dict[str, str] = {}
        """Client -> why the device has refused it: nobody is refused twice."""
        self._folder = folder
        self._keys = KeyRing(KeyStore(state), "discovered")
        self._transports = TransportFactory()
        self._response_time_s = response_time_s
        self._began = time.monotonic()
        self._head_ends: list[HeadEnd] = []

    def spent_s(self) -> float:
        """How long discovery has taken so far."""
        return time.monotonic() - self._began

    def declaration(self, door: dict[str, Any], associations: Sequence[dict[str, Any]]) -> Declaration:
        """Return what is known as a declaration; ``DeclarationError`` names what a person has given wrongly."""
        counter = {"class": 1, "obis": self.counter_object}
        objects = {"logical_device_name": _NAME, "invocation_counter": counter}
        timing: dict[str, float] = {"response_time_s": self._response_time_s, "reconnect_delay_s": self.found.rest_s}
        if not self.found.door and door["protocol"] == "hdlc":
            # Most of the addresses that are tried are nobody's.
            timing["repetitions"] = 0
        data = {
            "schema": 1,
            "identity": _UNKNOWN,
            "doors": [{"id": "found", "url": self.found.url, **door, "timing": timing}],
            "associations": list(associations),
            "objects": objects,
        }
        return parse_declaration(data, name="--client", folder=self._folder)

    def head_end(self, door: dict[str, Any], associations: Sequence[dict[str, Any]]) -> HeadEnd:
        """Return a head end at the door for these clients."""
        declaration = self.declaration(door, associations)
        declared = declaration.doors[0]
        timing = timing_of(declared)
        timing.slowest_answer_s = self.found.slowest_s
        head_end = HeadEnd(
            declaration=declaration,
            door=declared,
            transports=self._transports,
            trace=self.trace,
            timing=timing,
            clause="discover",
            rest_for=(lambda seconds: None) if declared.is_virtual else time.sleep,
            keys=self._keys,
        )
        self._head_ends.append(head_end)
        return head_end

    def patiently(self, head_end: HeadEnd, connect: Callable[[], None]) -> None:
        """Do what opens a connection; a door that is shut between two connections gets rests that grow.

        Raises what ``connect`` raises; a door that has never answered gets no rest.
        """
        for rest_s in (*_RESTS_S, None):
            try:
                connect()
            except PortGone:
                if rest_s is None or not self.found.heard:
                    raise
                self.found.rest_s = max(self.found.rest_s, rest_s)
                head_end.timing.learnt_rest_s = self.found.rest_s
                if not head_end.door.is_virtual:
                    time.sleep(rest_s)
            else:
                return
            finally:
                self.note(head_end)

    def associate(self, head_end: HeadEnd, planned: PlannedClient) -> Client:
        """Associate once; only a connection that cannot be opened is tried again, since no secret has left then."""
        client = Client(head_end, head_end.declaration.association(planned.id))
        self.patiently(head_end, client.establish_unjudged)
        return client

    def note(self, head_end: HeadEnd) -> None:
        """Take over what has been learnt on the way."""
        self.found.heard = self.found.heard or bool(self.trace.last_received)
        self.found.slowest_s = max(self.found.slowest_s, head_end.timing.slowest_answer_s)

    def close(self) -> None:
        """End what is open."""
        for head_end in self._head_ends:
            try:
                head_end.close_all()
            except ConformeterError as error:
                self.found.tried.append(f"closing the door: {error}")
