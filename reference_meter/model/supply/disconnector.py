"""The disconnect control (class 70): output, state, mode, and the requests that move the switch."""

from collections.abc import Callable, Collection

from reference_meter.model.audit import Audit
from reference_meter.model.data import boolean, enum
from reference_meter.model.event_settings import EventRole
from reference_meter.model.objects import (
    MANAGING,
    MEASURING,
    Attribute,
    CosemObject,
    DataAccessResult,
    Method,
    trigger,
)
from reference_meter.model.script import SCRIPTED
from reference_meter.model.supply.modes import EVENTS, MODES, ControlState, Request
from reference_meter.model.written import ENUM, written_in
from reference_meter.server.model_port import AccessRefused

__all__ = ["Disconnector"]


class Disconnector:
    """One switch; its state and mode outlive a power cut."""

    def __init__(
        self,
        mode: int,
        record: Callable[[EventRole], None],
        moved: Callable[[bool], None],
        modes: Collection[int] = tuple(MODES),
    ) -> None:
        """``moved`` hears whether energy may flow, after each move; ``modes`` are those that can be chosen."""
        self.mode = mode
        self.modes = modes
        self.state = ControlState.CONNECTED
        self._record = record
        self._moved = moved

    @property
    def connected(self) -> bool:
        """Whether energy may flow."""
        return self.state is ControlState.CONNECTED

    def output(self) -> bool:
        """What attribute 2 shows."""
        return self.connected

    def request(self, request: Request) -> bool:
        """Move as the mode allows it in this state; tells whether the switch has moved."""
        target = MODES[self.mode].get((request, self.state))
        if target is None:
            return False
        self.move(target)
        self.note(EVENTS[request, target])
        return True

    def move(self, target: ControlState) -> None:
        """Take a state."""
        self.state = target
        self._moved(self.connected)

    def note(self, event: EventRole) -> None:
        """Note a move."""
        self._record(event)

    def remotely(self, request: Request) -> None:
        """Carry out what a client or a script asks for; AccessRefused where the mode knows no such move at all.

        In a state that the request would lead to, it has nothing to do.
        """
        if not any(known == request for known, _ in MODES[self.mode]):
            raise AccessRefused(DataAccessResult.READ_WRITE_DENIED)
        targets = {target for (known, _), target in MODES[self.mode].items() if known == request}
        if not self.request(request) and self.state not in targets | {ControlState.CONNECTED}:
            raise AccessRefused(DataAccessResult.READ_WRITE_DENIED)

    def object(self, obis: bytes, audit: Audit) -> CosemObject:
        """The instance of class 70."""

        def write_mode(data: tuple[int, object]) -> None:
            self.mode = written_in(data, ENUM, self.modes)

        return CosemObject(
            class_id=70,
            version=0,
            obis=obis,
            attributes={
                2: Attribute(read=lambda: boolean(self.output()), readers=MEASURING),
                3: Attribute(read=lambda: enum(self.state), readers=MEASURING),
                4: Attribute(
                    read=lambda: enum(self.mode),
                    readers=MEASURING,
                    write=audit.writing(lambda: self.mode, write_mode),
                    writers=MANAGING,
                ),
            },
            methods={
                1: Method(invoke=trigger(lambda: self.remotely("remote_disconnect")), callers=MANAGING | SCRIPTED),
                2: Method(invoke=trigger(lambda: self.remotely("remote_reconnect")), callers=MANAGING | SCRIPTED),
            },
        )
