"""The route layer: what stands between the link and the device behind it."""

from typing import Protocol

from harness.errors import AnswerOfAnother, ProtocolViolation
from harness.protocol.gateway import REQUEST, RESPONSE, GatewayPrefix

__all__ = ["DirectRoute", "GatewayRoute", "Route"]


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


class GatewayRoute:
    """Through a gateway to the device of ``address`` in ``network``."""

    def __init__(self, *, network: int, address: bytes) -> None:
        self._request = GatewayPrefix(header=REQUEST, network=network, address=address)
        self._response = GatewayPrefix(header=RESPONSE, network=network, address=address)

    def outbound(self, apdu: bytes) -> bytes:
        """Return ``apdu`` behind the prefix of a request."""
        return self._request.to_bytes() + apdu

    def inbound(self, octets: bytes) -> bytes:
        """Return the APDU behind the prefix; an answer without one, or from another device, is a violation."""
        prefix, apdu = GatewayPrefix.take_off(octets)
        if prefix != self._response:
            told = (
                f"an answer with header {prefix.header:02X} from address {prefix.address.hex().upper() or 'none'} "
                f"in network {prefix.network} to a request for {self._request.address.hex().upper() or 'none'} "
                f"in network {self._request.network}"
            )
            if prefix.header == RESPONSE:
                raise AnswerOfAnother(told, network=prefix.network, address=prefix.address)
            raise ProtocolViolation(told)
        return apdu
