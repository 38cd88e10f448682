"""Changes that a scenario makes to the device: in the journal before they are sent, undone when it is over."""

from collections.abc import Callable
from datetime import datetime

from harness.declaration import CosemObject
from harness.errors import Refused
from harness.evidence.trace import Trace
from harness.headend.client import Client, item
from harness.headend.head_end import HeadEnd
from harness.headend.restoring.calendar import CALENDAR_ATTRIBUTES
from harness.headend.restoring.key_transfer import KeyTransfer, NewKeys
from harness.headend.restoring.undo import Undoing
from harness.keys import (
    ConnectSupply,
    Entry,
    GiveChildKeyBack,
    GiveKeysBack,
    Invoke,
    Journal,
    RestoreCalendar,
    SetClock,
    Undo,
    WriteBack,
)
from harness.protocol import axdr

__all__ = ["Changes"]

_CONTROL_MODE = 4


class Changes:
    """What one scenario changes; ``at_the_end`` takes what is to be done when it is over, the last first.

    ``now`` and ``shown`` are those of ``Undoing``.
    """

    def __init__(
        self,
        *,
        head_end: HeadEnd,
        journal: Journal,
        trace: Trace,
        at_the_end: Callable[[Callable[[], None]], None],
        now: Callable[[], datetime],
        shown: Callable[[datetime], None],
    ) -> None:
        self._head_end = head_end
        self._journal = journal
        self._trace = trace
        self._at_the_end = at_the_end
        self._undoing = Undoing(head_end, trace, now, shown)

    def set(self, client: Client, target: CosemObject, attribute: int, data: axdr.Data) -> axdr.Data:
        """Write an attribute for the time of the scenario and return its old value; raises as ``Client`` does."""
        old = self.keep(client, target, attribute)
        client.set(item(target, attribute), data)
        return old

    def attempt(self, client: Client, target: CosemObject, attribute: int, data: axdr.Data) -> Refused | None:
        """Write an attribute as ``set`` does, and return a refusal.

        What was refused and did not change is not written back: the device may change it by itself later on.
        """
        old = client.read(item(target, attribute))
        drop = self._write_back(client, target, attribute, old)
        try:
            client.set(item(target, attribute), data)
        except Refused as refused:
            if client.read(item(target, attribute)) == old:
                drop()
            return refused
        return None

    def keep(self, client: Client, target: CosemObject, attribute: int) -> axdr.Data:
        """Have an attribute written back at the end, whoever changes it in between; return its value."""
        old = client.read(item(target, attribute))
        self._write_back(client, target, attribute, old)
        return old

    def write_at_end(self, client: Client, target: CosemObject, attribute: int, data: axdr.Data) -> None:
        """Have an attribute written at the end, whatever it holds then."""
        self._write_back(client, target, attribute, data)

    def invoke_at_end(
        self,
        client: Client,
        target: CosemObject,
        method: int,
        parameter: axdr.Data | None,
        *,
        may_be_refused: bool = False,
    ) -> None:
        """Have a method invoked at the end; what has been done already the device may refuse, where that is said."""
        encoded = None if parameter is None else axdr.encode(parameter).hex()
        undo = Invoke(
            class_id=target.class_id,
            obis=target.obis,
            method=method,
            parameter=encoded,
            may_be_refused=may_be_refused,
        )
        self._begin(client, f"method {method} of {target.obis}", undo)

    def invoke(
        self,
        client: Client,
        target: CosemObject,
        method: int,
        parameter: axdr.Data | None,
        *,
        undone_by: tuple[int, axdr.Data | None],
    ) -> None:
        """Invoke a method and, at the end, the method and parameter that undo it."""
        back, with_parameter = undone_by
        undo = Invoke(
            class_id=target.class_id,
            obis=target.obis,
            method=back,
            parameter=None if with_parameter is None else axdr.encode(with_parameter).hex(),
        )
        self._begin(client, f"method {method} of {target.obis}", undo)
        client.action(target, method, parameter)

    def supply(self, client: Client, disconnector: CosemObject) -> None:
        """Have the supply connected at the end and its control mode as it was, whatever switches it in between."""
        self.keep(client, disconnector, _CONTROL_MODE)
        undo = ConnectSupply(class_id=disconnector.class_id, obis=disconnector.obis)
        self._begin(client, f"the supply switched by {disconnector.obis}", undo)

    def calendar(self, client: Client, calendar: CosemObject) -> None:
        """Have an activity calendar hold what it holds now at the end, both parts and the time of activation."""
        old = tuple(axdr.encode(client.read(item(calendar, number))).hex() for number in CALENDAR_ATTRIBUTES)
        undo = RestoreCalendar(class_id=calendar.class_id, obis=calendar.obis, values=old)
        self._begin(client, f"the calendar {calendar.obis}", undo)

    def clock(self, client_id: str, clock: CosemObject) -> None:
        """Have the clock set to what time it is at the end, whatever happens to it in between."""
        undo = SetClock(class_id=clock.class_id, obis=clock.obis)
        self._open("the time of the clock", client_id, undo)

    def give_keys(self, transfer: KeyTransfer, client: Client, new: NewKeys) -> None:
        """Give the device new keys for the time of the scenario; raises as ``KeyTransfer.give`` does."""
        undo = GiveKeysBack(class_id=transfer.setup.class_id, obis=transfer.setup.obis, names=tuple(sorted(new.keys)))
        self._begin(client, f"keys of {transfer.setup.obis}", undo)
        transfer.give(client, new)

    def child_key(self, association: str, name: str) -> None:
        """Have a meter behind the device, and the device, have that meter's declared key at the end."""
        self._open(f"the key of {name}", association, GiveChildKeyBack(name=name))

    def _write_back(self, client: Client, target: CosemObject, attribute: int, value: axdr.Data) -> Callable[[], None]:
        octets = axdr.encode(value).hex()
        undo = WriteBack(class_id=target.class_id, obis=target.obis, attribute=attribute, value=octets)
        return self._begin(client, f"attribute {attribute} of {target.obis}", undo)

    def _begin(self, client: Client, about: str, undo: Undo) -> Callable[[], None]:
        return self._open(about, client.declared.id, undo)

    def _open(self, about: str, association: str, undo: Undo) -> Callable[[], None]:
        """Have a change undone at the end, unless what is returned is called before: then nothing changed."""
        number = self._journal.open_change(
            scenario=self._trace.key, door=self._head_end.door.id, association=association, about=about, undo=undo
        )
        entry = Entry(
            number=number,
            scenario=self._trace.key,
            door=self._head_end.door.id,
            association=association,
            about=about,
            undo=undo,
        )

        standing = True

        def undone() -> None:
            if standing:
                self._head_end.close_all()
                self._undoing.undo(entry)
                self._journal.close_change(number)

        def drop() -> None:
            nonlocal standing
            standing = False
            self._journal.close_change(number)

        self._at_the_end(undone)
        return drop
