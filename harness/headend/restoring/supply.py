"""Connecting the supply again, in whatever mode of control that takes."""

from contextlib import suppress

from harness.declaration import CosemObject
from harness.errors import Inconclusive, Refused
from harness.headend.client import Client, item
from harness.protocol.axdr import Data, DataType

__all__ = ["connect_supply"]

_OUTPUT, _STATE, _MODE = 2, 3, 4
_DISCONNECT, _RECONNECT = 1, 2
_READY = 2
_MODES_THAT_CONNECT_AT_A_DISTANCE = (4, 7, 2)


def connect_supply(client: Client, disconnector: CosemObject) -> None:
    """Connect the supply and see that it is; ``Inconclusive`` where only a person at the device can.

    A mode of control may be left that is not the one it was: what restores the mode comes after this.
    """
    if _connected(client, disconnector):
        return
    _reconnect(client, disconnector)
    for mode in _MODES_THAT_CONNECT_AT_A_DISTANCE:
        if _connected(client, disconnector):
            return
        with suppress(Refused):
            client.set(item(disconnector, _MODE), Data(DataType.ENUM, mode))
            _reconnect(client, disconnector)
    if not _connected(client, disconnector):
        raise Inconclusive(
            "the supply is not connected, and no request connects it: somebody has to do it at the device",
            missing="device",
        )


def _connected(client: Client, disconnector: CosemObject) -> bool:
    return client.read(item(disconnector, _OUTPUT)).value is True


def _reconnect(client: Client, disconnector: CosemObject) -> None:
    nothing = Data(DataType.INTEGER, 0)
    with suppress(Refused):
        # Most modes lead back from "ready for reconnection" by way of "disconnected" alone.
        if client.read(item(disconnector, _STATE)).value == _READY:
            client.action(disconnector, _DISCONNECT, nothing)
    with suppress(Refused):
        client.action(disconnector, _RECONNECT, nothing)
