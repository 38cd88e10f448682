"""The link of one client through one door, as both are declared."""

from typing import Final

from harness.declaration import AssociationDeclaration, Door
from harness.protocol import hdlc
from harness.session import HdlcLink, Link, WrapperLink

__all__ = ["LONG_PDU_OCTETS", "disconnect_frame", "link_for"]

LONG_PDU_OCTETS: Final = 0xFFFF
"""The longest APDU that we put together from the frames of a link."""


def link_for(door: Door, association: AssociationDeclaration) -> Link:
    """Return a new link, not yet open."""
    if door.protocol == "wrapper":
        return WrapperLink(client=association.client_sap, server=association.server_sap, datagrams=door.datagrams)
    settings = door.hdlc
    proposal = hdlc.Parameters(
        max_information_transmit=settings.max_information_transmit,
        max_information_receive=settings.max_information_receive,
        window_transmit=settings.window_transmit,
        window_receive=settings.window_receive,
    )
    return HdlcLink(
        client=association.client_sap,
        server=_server(door, association),
        proposal=proposal if settings.propose_parameters else None,
        largest_apdu=LONG_PDU_OCTETS,
    )


def disconnect_frame(door: Door, association: AssociationDeclaration) -> bytes:
    """Return DISC of one client, for a device that may hold a link of which nobody knows anything any more."""
    return hdlc.Frame(
        destination=_server(door, association).to_bytes(),
        source=hdlc.client_address_octets(association.client_sap),
        control=hdlc.Control(kind=hdlc.FrameKind.DISC, poll_final=True).to_octet(),
        information=b"",
    ).to_bytes()


def _server(door: Door, association: AssociationDeclaration) -> hdlc.ServerAddress:
    return hdlc.ServerAddress(
        upper=door.logical_device(association), lower=door.hdlc.physical_device, octets=door.hdlc.address_octets
    )
