"""Reads what one client may read: its object list, and of each object what a declaration wants to know."""

from collections.abc import Callable, Iterator
from typing import Final

from harness.declaration import ROLES, CosemObject
from harness.discover.found import Found, FoundClient, Name
from harness.discover.roles import described
from harness.errors import ConformeterError, DecodeError, DeviceError, PortGone, Refused
from harness.headend.client import Client, item, value_of
from harness.headend.rights.object_list import (
    AnnouncedObject,
    RequestProtection,
    Right,
    decode_object_list,
)
from harness.protocol.axdr import Data
from harness.review.usual_codes import looks_like

__all__ = ["Reader"]

_MOST_FAILURES: Final = 3
_OBJECT_LIST: Final = 2
_ASSOCIATIONS: Final = ("0.0.40.0.0.255", *(f"0.0.40.0.{number}.255" for number in range(1, 8)))
"""The current association first; some devices show it under the code of one client alone."""
_OF_CLASS: Final[dict[int, tuple[int, ...]]] = {
    3: (3,),
    4: (3,),
    5: (8,),
    7: (3, 4, 5, 7, 8),
    8: (2, 3, 5, 6, 7, 8),
    17: (2,),
    20: (2, 10),
    22: (4,),
    23: (2, 3, 4, 5, 6, 8, 9),
    40: (3,),
    41: (2, 6),
    64: (2, 3, 5),
    70: (2, 3, 4),
    71: (2,),
    72: (6, 7, 8, 9),
}
"""Class -> attributes that tell how the object is used; none of them is a buffer of rows."""
_IDENTIFYING: Final = ("logical_device_name", "serial_number", "firmware_id", "active_tariff", "billing_counter")
_USUAL: Final[tuple[tuple[int, str], ...]] = (
    (1, "0.0.42.0.0.255"),
    (1, "0.0.96.1.0.255"),
    (1, "1.0.0.2.0.255"),
    (8, "0.0.1.0.0.255"),
    (17, "0.0.41.0.0.255"),
    (3, "1.0.1.8.0.255"),
    (3, "1.0.2.8.0.255"),
    (3, "1.0.1.7.0.255"),
    (7, "1.0.99.1.0.255"),
    (7, "0.0.98.1.0.255"),
    (7, "0.0.99.98.0.255"),
    (64, "0.0.43.0.0.255"),
)
"""Asked for where there is no object list."""


class Stopped(Exception):
    """This client is not asked any further; the message says why."""


class Reader:
    """Reads with one associated client; ``progress`` hears how much is done of how much."""

    def __init__(
        self,
        found: Found,
        told: FoundClient,
        client: Client,
        *,
        may_go_on: Callable[[], bool],
        progress: Callable[[int, int], None],
        again: Callable[[], None],
    ) -> None:
        """``again`` associates the client once more after a lost connection."""
        self._found = found
        self._told = told
        self._client = client
        self._may_go_on = may_go_on
        self._progress = progress
        self._again = again
        self._failures = 0

    def read_all(self) -> None:
        """Read the object list and what it names; whatever goes wrong stands in what was found."""
        try:
            self._read_object_list()
            if self._told.objects is None:
                self._guess()
            self._read_names()
            wanted = [name for name in self._wanted() if name not in self._found.values]
            for number, name in enumerate(wanted):
                self._progress(number, len(wanted))
                self.read(name)
        except Stopped as stopped:
            self._told.problem = str(stopped)

    def read(self, name: Name) -> Data | None:
        """Read one attribute; None where that gave no value. Raises ``Stopped`` where no more is to be had."""
        if not self._may_go_on():
            self._found.stopped = "the time for it is over (--limit-s)"
            raise Stopped(self._found.stopped)
        class_id, obis, attribute = name
        wanted = item(CosemObject.model_validate({"class": class_id, "obis": obis}), attribute)
        try:
            data = value_of(self._client.services.get(wanted), wanted)
        except Refused as refused:
            self._failures = 0
            self._found.denied.setdefault(name, refused.answer)
            return None
        except DecodeError as error:
            self._found.failed[name] = str(error)
            return None
        except (DeviceError, PortGone) as error:
            self._found.failed[name] = str(error)
            self._lost(error)
            return None
        self._failures = 0
        self._found.values[name] = data
        self._found.failed.pop(name, None)
        self._found.denied.pop(name, None)
        return data

    def _lost(self, error: ConformeterError) -> None:
        """Come back after a missing answer, unless there are too many of them."""
        self._failures += 1
        if self._failures >= _MOST_FAILURES:
            raise Stopped(f"{self._failures} requests in a row without an answer; the last: {error}")
        self._client.drop()
        try:
            self._again()
        except ConformeterError as gone:
            raise Stopped(f"after a missing answer ({error}) the client gets no association: {gone}") from gone

    def _read_object_list(self) -> None:
        for obis in _ASSOCIATIONS:
            name = (15, obis, _OBJECT_LIST)
            data = self.read(name)
            self._found.values.pop(name, None)
            if data is None and name in self._found.failed:
                return
            if data is None:
                continue
            self._told.association = obis
            try:
                self._told.objects = decode_object_list(data, RequestProtection.of(self._client.declared))
            except DecodeError as error:
                self._found.failed[name] = str(error)
            return

    def _read_names(self) -> None:
        """Read what the association object says of context and mechanism; each client sees its own."""
        said = []
        for attribute in (4, 6) if self._told.association is not None else ():
            name = (15, self._told.association or "", attribute)
            said.append(described(self.read(name)))
            self._found.values.pop(name, None)
        self._told.context = ", mechanism ".join(said)

    def _guess(self) -> None:
        """Ask for what most devices have, where nothing says what this one has."""
        answered = []
        for class_id, obis in _USUAL:
            attributes = (2,) if class_id == 1 else _OF_CLASS[class_id]
            if self.read((class_id, obis, attributes[0])) is not None:
                answered.append(_unannounced(class_id, obis))
        self._told.guessed = tuple(answered)

    def _wanted(self) -> Iterator[Name]:
        """Yield what to read, without what the client is told it may not."""
        announced = self._told.announced
        by_role = {role: looks_like(role, announced) for role in ROLES}
        identifying = {one.obis for role in _IDENTIFYING for one in by_role[role]}
        measured = {one.obis for role in by_role if role.startswith(("energy", "power")) for one in by_role[role]}
        for one in announced:
            attributes = _OF_CLASS.get(one.class_id, ())
            if one.class_id in (3, 4) and one.obis not in measured:
                attributes = ()
            if one.obis in identifying:
                attributes = (2,)
            for attribute in attributes:
                if one.may_read(attribute) is not Right.DENIED:
                    yield one.class_id, one.obis, attribute


def _unannounced(class_id: int, obis: str) -> AnnouncedObject:
    return AnnouncedObject(
        class_id=class_id,
        version=0,
        obis=obis,
        attributes={},
        methods={},
        selectors={},
        bit_masks=False,
        protection=RequestProtection(),
    )
