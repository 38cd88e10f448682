"""The devices behind a gateway as a head end reaches them: one request each, whatever comes of it."""

from collections.abc import Callable
from typing import TypeVar

from harness.declaration import AssociationDeclaration, CosemObject, DeviceBehind, Through
from harness.errors import DeviceError, Inconclusive, Refused
from harness.headend.client import Client, Item, item, value_of
from harness.headend.head_end import HeadEnd
from harness.headend.stimuli.intruder import read_with_wrong_password
from harness.headend.stimuli.provoke import Provoked
from harness.protocol import apdu as xdlms
from harness.protocol import axdr, cosem

__all__ = ["Behind"]

T = TypeVar("T")
_SUCCESS = 0


class Behind:
    """Goes through the gateway at the door of ``head_end``; nothing is judged here, what goes wrong is raised."""

    def __init__(self, head_end: HeadEnd) -> None:
        self._head_end = head_end
        self._gateway = head_end.declaration.gateway
        self._at: dict[Through | None, HeadEnd] = {}

    def device(self, which: str) -> DeviceBehind:
        """Return the ``first``, ``second`` or ``last`` device of the declaration."""
        devices = self._gateway.devices
        return devices[{"first": 0, "second": min(1, len(devices) - 1), "last": -1}[which]]

    def at(self, network: int, address: bytes) -> DeviceBehind | None:
        """Return the device that is declared at an address, if one is."""
        places = ((one, one.through) for one in self._gateway.devices)
        return next(
            (one for one, place in places if place and (place.network, place.octets) == (network, address)), None
        )

    def read(self, device: DeviceBehind, wanted: CosemObject | None = None) -> axdr.Data:
        """Read one object of a device, by default what every device gives; raises ``Refused`` for an error."""
        target = wanted or self._gateway.reads
        asked = item(target, target.attribute)
        return self.converse(device, device.reader, lambda client: value_of(client.services.get(asked), asked))

    def read_directly(self, device: DeviceBehind, target: CosemObject) -> axdr.Data:
        """Read one object of a device at its own door; raises ``Refused`` for an error."""
        if device.own_door is None:
            raise Inconclusive(f"{device.name} has no own_door declared", missing="declaration")
        self._head_end.give_way()
        client = Client(self._head_end.beside(device.own_door), self._gateway.association(device.reader))
        asked = item(target, target.attribute)
        try:
            client.establish_unjudged()
            return value_of(client.services.get(asked), asked)
        finally:
            client.close()

    def rewrite(self, device: DeviceBehind) -> None:
        """Write what is declared for it as it is; ``Inconclusive`` where nothing is."""
        target = self._gateway.writes
        if target is None:
            raise Inconclusive("the declaration does not mention gateway.writes", missing="declaration")
        written = item(target, target.attribute)
        self.converse(device, device.manager, lambda client: _rewrite(client, written))

    def command(self, device: DeviceBehind) -> None:
        """Invoke the declared method; ``Inconclusive`` where none is."""
        command = self._gateway.command
        if command is None:
            raise Inconclusive("the declaration does not mention gateway.command", missing="declaration")
        method = xdlms.MethodDescriptor(command.class_id, cosem.obis(command.obis), command.method)

        def invoke(client: Client) -> None:
            result = client.services.action(method, command.encoded).result
            if result != _SUCCESS:
                raise Refused(f"ACTION {command.obis} method {command.method} gives {result}", f"action:{result}")

        self.converse(device, device.manager, invoke)

    def enter(self, device: DeviceBehind) -> None:
        """Associate with a device and leave again."""
        self.converse(device, device.reader, lambda client: None)

    def enter_wrongly(self, device: DeviceBehind) -> Provoked:
        """Ask a device with a wrong password, and name what came; ``Inconclusive`` where its reader has none."""
        declared = self._declared(device, device.reader)
        if declared.mechanism != "lls":
            raise Inconclusive(f"client {declared.id} has no password that could be wrong", missing="declaration")
        self._head_end.give_way()
        reaching = self._reaching(device)
        try:
            return read_with_wrong_password(reaching, declared, self._gateway.reads)
        finally:
            reaching.close_all()

    def nobody(self) -> DeviceBehind:
        """Return a device of an address, or logical device, that the declaration gives to nobody."""
        device = self.device("first")
        return device.model_copy(update=self._free_place(device))

    def fails(self, act: Callable[[], object]) -> str | None:
        """Return how something ended that was not to give data, None where it did all the same."""
        try:
            act()
        except DeviceError as ended:
            return str(ended)
        return None

    def converse(self, device: DeviceBehind, association_id: str | None, act: Callable[[Client], T]) -> T:
        """Associate with a device, do something and leave; other clients give way where the door carries one."""
        if association_id is None:
            raise Inconclusive("the declaration does not mention gateway.devices.manager", missing="declaration")
        return self._converse(device, self._declared(device, association_id), act)

    def _converse(self, device: DeviceBehind, declared: AssociationDeclaration, act: Callable[[Client], T]) -> T:
        self._head_end.give_way()
        client = Client(self._reaching(device), declared)
        try:
            client.establish_unjudged()
            return act(client)
        finally:
            client.close()

    def _reaching(self, device: DeviceBehind) -> HeadEnd:
        if device.through not in self._at:
            door = self._head_end.door.model_copy(update={"through": device.through})
            self._at[device.through] = self._head_end.beside(door)
        return self._at[device.through]

    def _declared(self, device: DeviceBehind, association_id: str) -> AssociationDeclaration:
        declared = self._gateway.association(association_id)
        return declared if device.sap is None else declared.model_copy(update={"server_sap": device.sap})

    def _free_place(self, device: DeviceBehind) -> dict[str, object]:
        taken = [one.through for one in self._gateway.devices]
        if device.through is None:
            saps = {one.sap for one in self._gateway.devices}
            return {"sap": next(sap for sap in range(0x70, 0x7F) if sap not in saps)}
        network, length = device.through.network, max(len(device.through.octets), 1)
        free = (Through(network=network, address=f"{number:02X}" * length) for number in range(0xFE, 0, -1))
        return {"through": next(one for one in free if one not in taken)}


def _rewrite(client: Client, written: Item) -> None:
    value = value_of(client.services.get(written), written)
    result = client.services.set(written, axdr.encode(value)).result
    if result != _SUCCESS:
        raise Refused(f"SET of what was read gives data-access-result {result}", f"dar:{result}")
