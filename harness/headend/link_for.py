"""The link of one client through one door, as both are declared."""

from typing import Final

from harness.declaration import AssociationDeclaration, Door
from harness.protocol import hdlc
from harness.session import HdlcLink, Link, WrapperLink

__all__ = ["LONG_PDU_OCTETS", "link_for"]

LONG_PDU_OCTETS: Final = 0xFFFF
"""The longest APDU that we put together from the frames of a link."""


def link_for(door: Door, association: AssociationDeclaration) -> Link:
    """Return a new link, not yet open."""
    if door.protocol == "wrapper":
        return WrapperLink(client=association.client_sap, server=association.server_sap, datagrams=door.datagrams)
    settings = door.hdlc
    server = hdlc.ServerAddress(
        upper=door.logical_device(association), lower=settings.physical_device, octets=settings.address_octets
    )
    proposal = hdlc.Parameters(
        max_information_transmit=settings.max_information_transmit,
        max_information_receive=settings.max_information_receive,
        window_transmit=settings.window_transmit,
        window_receive=settings.window_receive,
    )
    return HdlcLink(
        client=association.client_sap,
        server=server,
        proposal=proposal if settings.propose_parameters else None,
        largest_apdu=LONG_PDU_OCTETS,
    )
