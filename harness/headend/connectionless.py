"""What a client sends without an association of its own making: as one that is always there, or to all devices."""

from typing import Final

from harness.declaration import AssociationDeclaration, Declaration, Door
from harness.errors import Inconclusive, NotApplicable
from harness.protocol import hdlc
from harness.protocol.hdlc.address import client_address_octets
from harness.protocol.wrapper import WrapperFrame

__all__ = ["broadcast_frame", "pre_established_at"]

_ALL_STATIONS_SHORT: Final = 0x7F
_ALL_STATIONS_LONG: Final = 0x3FFF
_LLC_TO_SERVER: Final = bytes.fromhex("E6E600")
_MOST_UI_OCTETS: Final = 128
"""Nothing has been negotiated where a frame goes to all."""


def pre_established_at(declaration: Declaration, door: Door, which: str | None) -> AssociationDeclaration:
    """Return the association that is there without an AARQ; ``which`` is its role or id, else the first.

    Raises ``NotApplicable`` where it is declared for other doors only, ``Inconclusive`` where there is none.
    """
    found = [
        one
        for one in declaration.associations
        if one.pre_established and (which is None or which in (one.role, one.id))
    ]
    if not found:
        wanted = "" if which is None else f" {which}"
        reason = f"the declaration does not mention a pre-established association{wanted}"
        raise Inconclusive(reason, missing="declaration")
    fitting = next((one for one in found if one.fits(door.id)), None)
    if fitting is None:
        raise NotApplicable(f"door {door.id} takes no client {found[0].id}", item="associations.doors")
    return fitting


def broadcast_frame(door: Door, declared: AssociationDeclaration, apdu: bytes) -> bytes:
    """Return the frame that carries ``apdu`` to the all-station address; over HDLC in UI, which needs no link.

    ``ValueError`` where one frame does not take it.
    """
    if door.protocol == "wrapper":
        return WrapperFrame(source=declared.client_sap, destination=_ALL_STATIONS_SHORT, payload=apdu).to_bytes()
    information = _LLC_TO_SERVER + apdu
    if len(information) > _MOST_UI_OCTETS:
        raise ValueError(f"{len(information)} octets in a UI frame, {_MOST_UI_OCTETS} are possible")
    return hdlc.Frame(
        destination=_all_stations(door.hdlc.address_octets).to_bytes(),
        source=client_address_octets(declared.client_sap),
        control=hdlc.Control(kind=hdlc.FrameKind.UI, poll_final=False).to_octet(),
        information=information,
    ).to_bytes()


def _all_stations(octets: int) -> hdlc.ServerAddress:
    number = _ALL_STATIONS_LONG if octets == 4 else _ALL_STATIONS_SHORT
    return hdlc.ServerAddress(upper=number, lower=None if octets == 1 else number, octets=octets)
