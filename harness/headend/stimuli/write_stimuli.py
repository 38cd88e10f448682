"""Requests to write what must be refused: without the right to, or with a value that does not fit.

The attribute is chosen among those that the device announces, by what the request would do if it were carried out.
"""

from collections.abc import Callable, Iterator
from typing import Final

from harness.declaration import CosemObject, Declaration
from harness.effect import Effect
from harness.errors import Inconclusive, Refused
from harness.headend.client import Client, item
from harness.headend.rights.object_list import AnnouncedObject, Right
from harness.headend.stimuli.provoke import Provoked, provoke
from harness.headend.stimuli.service_stimuli import announced_to
from harness.protocol import apdu as xdlms
from harness.protocol import axdr

__all__ = ["EffectOfWrite", "WriteStimuli"]

EffectOfWrite = Callable[[int, int, bool], tuple[Effect, ...]]
"""Class, attribute and whether it is the value that is there already -> what a SET does."""

_WRITES: Final = frozenset({"writes"})
_CLOCK_CLASS: Final = 8
_TIME: Final = 2
_LOGICAL_NAME: Final = 1
_ANY_TYPE: Final = (1, 3, 4, 5, 7)
"""Classes with attributes whose type each device chooses."""
_OF_ONE_VALUE: Final = (1, 3, 4, 8)
_FIXED_TYPE: Final = {(5, 8), (5, 9), (7, 4), (7, 8)}
"""Attributes of these classes whose type the class says."""
_LATER_BLOCK: Final = 5
_MOST_VALUE_OCTETS: Final = 32
_NO_TIME: Final = bytes.fromhex("07E8 0D 20 FF 19 3D 3D 00 8000 00")
"""The 32nd of a 13th month, 25:61:61."""
_FALSE: Final = axdr.Data(axdr.DataType.BOOLEAN, False)
_TEXT: Final = axdr.Data(axdr.DataType.OCTET_STRING, b"wrong")


class WriteStimuli:
    """Wrong SET requests; ``effects`` says what a SET would do, ``keep`` has an attribute written back at the end.

    ``keep_clock`` has the clock set then to what time it is, by the client that it names.
    """

    def __init__(
        self,
        declaration: Declaration,
        effects: EffectOfWrite,
        keep: Callable[[Client, CosemObject, int], object],
        keep_clock: Callable[[str, CosemObject], object],
    ) -> None:
        self._declaration = declaration
        self._effects = effects
        self._keep = keep
        self._keep_clock = keep_clock

    def no_write_right(self, client: Client) -> Provoked:
        """SET of an attribute that this client may only read, to the value that it has."""
        denied = self._announced(client, Right.DENIED)
        # Values that are one cell first: long ones take long to read and may not fit into one request.
        for one, attribute in sorted(denied, key=lambda each: each[0].class_id not in _OF_ONE_VALUE):
            if frozenset(self._effects(one.class_id, attribute, True)) <= _WRITES:
                value = self._value(client, one.target, attribute)
                if value is not None:
                    return _set(client, one.target, attribute, value)
        reason = "the device announces no attribute that this client may only read and that a SET would do no harm to"
        raise Inconclusive(reason, missing="device")

    def wrong_type(self, client: Client) -> Provoked:
        """SET of an attribute that this client may write, to a value of another type."""
        one, attribute, value = self._writable(client)
        self._keep(client, one.target, attribute)
        return _set(client, one.target, attribute, _TEXT if value.type is axdr.DataType.BOOLEAN else _FALSE)

    def out_of_range(self, client: Client) -> Provoked:
        """SET of the clock to a time that no calendar has."""
        clock = self._declaration.object("clock")
        listed = announced_to(client, self._declaration)
        announced = None
        if isinstance(clock, CosemObject) and listed is not None:
            announced = listed.find(clock.class_id, clock.obis)
        if announced is None or announced.may_write(_TIME) is not Right.GRANTED:
            raise Inconclusive("the device announces no clock that this client may set", missing="device")
        value = self._value(client, announced.target, _TIME)
        self._keep_clock(client.declared.id, announced.target)
        kind = value.type if value is not None else axdr.DataType.OCTET_STRING
        return _set(client, announced.target, _TIME, axdr.Data(kind, _NO_TIME))

    def block_wrong(self, client: Client) -> Provoked:
        """Begin to SET an attribute in blocks to the value that it has, and go on with a wrong number."""
        for one, attribute in self._announced(client, Right.GRANTED):
            if frozenset(self._effects(one.class_id, attribute, True)) <= _WRITES:
                value = self._value(client, one.target, attribute)
                if value is not None:
                    return _set_in_blocks(client, one.target, attribute, axdr.encode(value))
        raise Inconclusive("the device announces no attribute that a SET would do no harm to", missing="device")

    def _announced(self, client: Client, right: Right) -> Iterator[tuple[AnnouncedObject, int]]:
        """Yield attributes with this right to write and with the right to read."""
        listed = announced_to(client, self._declaration)
        for one in listed or ():
            for attribute in sorted(one.attributes):
                readable = attribute != _LOGICAL_NAME and one.may_read(attribute) is Right.GRANTED
                if readable and one.may_write(attribute) is right and not self._is_sealed(one, attribute):
                    yield one, attribute

    def _is_sealed(self, one: AnnouncedObject, attribute: int) -> bool:
        return any(
            (sealed.class_id, sealed.obis, sealed.attribute) == (one.class_id, one.obis, attribute)
            for sealed in self._declaration.access.sealed
        )

    def _writable(self, client: Client) -> tuple[AnnouncedObject, int, axdr.Data]:
        """Return an attribute of certain type, with its value: the one that another value would do least to."""
        fitting = [
            (len(effects), one.obis, attribute, one)
            for one, attribute in self._announced(client, Right.GRANTED)
            if (one.class_id not in _ANY_TYPE or (one.class_id, attribute) in _FIXED_TYPE)
            and (effects := frozenset(self._effects(one.class_id, attribute, False))) <= _BEARABLE
        ]
        for _, _, attribute, one in sorted(fitting, key=lambda each: each[:3]):
            value = self._value(client, one.target, attribute)
            if value is not None:
                return one, attribute, value
        raise Inconclusive(
            "the device announces no attribute of certain type that this client may read, and write without harm",
            missing="device",
        )

    @staticmethod
    def _value(client: Client, target: CosemObject, attribute: int) -> axdr.Data | None:
        """Return the value of an attribute, None where it is refused or too long for one request."""
        try:
            value = client.read(item(target, attribute))
        except Refused:
            return None
        return value if len(axdr.encode(value)) <= _MOST_VALUE_OCTETS else None


_BEARABLE: Final = frozenset({"writes", "sets_clock", "clears"})
"""What the scenarios say that a defective device may do."""


def _set(client: Client, target: CosemObject, attribute: int, value: axdr.Data) -> Provoked:
    invoke = client.services.next_invoke()
    request = xdlms.SetRequestNormal(invoke=invoke, attribute=item(target, attribute)[0], data=axdr.encode(value))
    return provoke(client.conversation, request.to_bytes(), invoke)


def _set_in_blocks(client: Client, target: CosemObject, attribute: int, value: bytes) -> Provoked:
    invoke = client.services.next_invoke()
    first = xdlms.SetRequestWithFirstDatablock(
        invoke=invoke, attribute=item(target, attribute)[0], last=False, block_number=1, raw=value[:1]
    )
    begun = provoke(client.conversation, first.to_bytes(), invoke)
    answer = begun.received.answer if begun.received else None
    if not isinstance(answer, xdlms.SetResponseDatablock):
        raise Inconclusive(f"the SET in blocks did not begin: {begun.description}", missing="device")
    later = xdlms.SetRequestWithDatablock(invoke=invoke, last=True, block_number=_LATER_BLOCK, raw=value[1:])
    return provoke(client.conversation, later.to_bytes(), invoke)
