"""Undoing a change of the device that stands in the journal, over an association of its own."""

from collections.abc import Callable
from datetime import datetime

from harness.declaration import CosemObject
from harness.errors import DeviceError, Inconclusive, Outcome, PortGone, Refused
from harness.evidence.trace import Trace
from harness.headend.client import Client, item
from harness.headend.head_end import HeadEnd
from harness.headend.registers import DateTime, clock_data, read_clock
from harness.headend.restoring.calendar import restore_calendar
from harness.headend.restoring.child_keys import ChildKeys
from harness.headend.restoring.key_transfer import KeyTransfer
from harness.headend.restoring.supply import connect_supply
from harness.keys import (
    ConnectSupply,
    Entry,
    GiveChildKeyBack,
    GiveKeysBack,
    Invoke,
    RestoreCalendar,
    SetClock,
    WriteBack,
)
from harness.protocol import axdr

__all__ = ["Undoing"]

_CLOCK_TIME = 2


def _nobody_hears(shown: datetime) -> None:
    """Nobody wants to know what a clock showed."""


class Undoing:
    """Undoes changes through ``head_end``; ``now`` says what time it is, for a clock that is to be set.

    ``shown`` hears what a clock showed before it was set.
    """

    def __init__(
        self,
        head_end: HeadEnd,
        trace: Trace,
        now: Callable[[], datetime],
        shown: Callable[[datetime], None] = _nobody_hears,
    ) -> None:
        self._shown = shown
        self._head_end = head_end
        self._trace = trace
        self._now = now

    def undo(self, entry: Entry) -> None:
        """Undo one change and see that it is undone; ``Inconclusive`` says what stands in the way."""
        try:
            self._undo(entry)
        except (DeviceError, PortGone, Outcome) as error:
            raise Inconclusive(f"{entry.about} could not be undone: {error}", missing="device") from error

    def _undo(self, entry: Entry) -> None:
        declared = self._head_end.declaration.association(entry.association)
        undo = entry.undo
        if isinstance(undo, GiveKeysBack):
            KeyTransfer(self._head_end, self._trace, declared, _object(undo.class_id, undo.obis)).give_back(undo.names)
            return
        client = Client(self._head_end, declared)
        client.establish_unjudged()
        try:
            match undo:
                case WriteBack():
                    self._write_back(client, undo)
                case Invoke():
                    _invoke(client, undo)
                case GiveChildKeyBack():
                    child = self._head_end.declaration.child(undo.name)
                    ChildKeys(self._head_end, self._trace, declared, child).give_back(client)
                case SetClock():
                    self._set_clock(client, undo)
                case ConnectSupply():
                    connect_supply(client, _object(undo.class_id, undo.obis))
                case RestoreCalendar():
                    old = [axdr.decode(bytes.fromhex(value)) for value in undo.values]
                    restore_calendar(client, _object(undo.class_id, undo.obis), old)
        finally:
            client.close()

    def _write_back(self, client: Client, undo: WriteBack) -> None:
        wanted = item(_object(undo.class_id, undo.obis), undo.attribute)
        old = axdr.decode(bytes.fromhex(undo.value))
        if client.read(wanted) == old:
            return
        client.set(wanted, old)
        found = client.read(wanted)
        if found != old:
            raise Inconclusive(f"{undo.obis} attribute {undo.attribute} reads {found}, not {old}", missing="device")

    def _set_clock(self, client: Client, undo: SetClock) -> None:
        clock = _object(undo.class_id, undo.obis)
        before = read_clock(client, clock)
        instant = before.comparable()
        if instant is not None:
            self._shown(instant)
        due = DateTime.from_utc(self._now(), before.deviation_min or 0)
        client.set(item(clock, _CLOCK_TIME), clock_data(due))


def _invoke(client: Client, undo: Invoke) -> None:
    parameter = None if undo.parameter is None else axdr.decode(bytes.fromhex(undo.parameter))
    try:
        client.action(_object(undo.class_id, undo.obis), undo.method, parameter)
    except Refused as refused:
        if not undo.may_be_refused:
            raise Inconclusive(str(refused), missing="device") from refused


def _object(class_id: int, obis: str) -> CosemObject:
    return CosemObject.model_validate({"class": class_id, "obis": obis})
