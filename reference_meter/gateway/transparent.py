"""A meter as it is reached through a gateway that only passes on: each APDU has the gateway's envelope around it."""

from reference_meter.codec.octets import Malformed
from reference_meter.codec.response import encode_response
from reference_meter.gateway import prefix
from reference_meter.gateway.prefix import Envelope
from reference_meter.server.association import SessionKey
from reference_meter.server.server import Server
from reference_meter.server.services import TOO_LONG

__all__ = ["EnvelopedServer"]


class EnvelopedServer(Server):
    """Takes what is sent to the address of ``settings.behind`` alone, and answers from there."""

    def receive_limit(self, key: SessionKey) -> int:
        """Give the longest APDU taken in a session, the envelope included."""
        behind = self.settings.behind
        return super().receive_limit(key) + (0 if behind is None else prefix.FIXED_OCTETS + len(behind[1]))

    def exchange(self, key: SessionKey, apdu: bytes) -> list[bytes]:
        """Take an APDU out of its envelope and put the answers into one; without one nothing is answered."""
        behind = self.settings.behind
        if behind is None:
            return super().exchange(key, apdu)
        network, address = behind
        try:
            asked = prefix.decode(apdu)
        except Malformed:
            return []
        if (asked.header, asked.network, asked.address) != (prefix.REQUEST, network, address):
            return []
        # A link gives no more than is needed to see that a request is too long.
        too_long = len(apdu) > self.receive_limit(key)
        answers = [encode_response(TOO_LONG)] if too_long else super().exchange(key, asked.apdu)
        return [
            prefix.encode(Envelope(header=prefix.RESPONSE, network=network, address=address, apdu=answer))
            for answer in answers
        ]
