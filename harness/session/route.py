"""The route layer: what stands between the link and the device behind it."""

from typing import Protocol

__all__ = ["DirectRoute", "Route"]


class Route(Protocol):
    """Puts an APDU on its way through gateways and takes the answer off it."""

    def outbound(self, apdu: bytes) -> bytes:
        """Return the octets to hand to the link."""

    def inbound(self, octets: bytes) -> bytes:
        """Return the APDU in what the link delivered; raises ``ProtocolViolation`` for a wrong envelope."""


class DirectRoute:
    """No gateway: the APDU goes as it is."""

    def outbound(self, apdu: bytes) -> bytes:
        """Return ``apdu`` itself."""
        return apdu

    def inbound(self, octets: bytes) -> bytes:
        """Return ``octets`` itself."""
        return octets
