"""The gateway as its head end reaches it: what is for a device behind it is passed on and recorded."""

from collections.abc import Sequence

from reference_meter.codec import acse
from reference_meter.codec.octets import Malformed
from reference_meter.codec.response import encode_response
from reference_meter.gateway import prefix
from reference_meter.gateway.child import Child
from reference_meter.gateway.device_log import DeviceLogs
from reference_meter.gateway.line import Heard, Trouble
from reference_meter.gateway.prefix import Envelope
from reference_meter.gateway.settings import GatewaySettings, Recorded
from reference_meter.server.association import SessionKey
from reference_meter.server.model_port import CosemModel
from reference_meter.server.server import Server
from reference_meter.server.services import NOT_POSSIBLE
from reference_meter.server.settings import LinkSettings

__all__ = ["GatewayServer"]

_GET, _SET, _ACTION = 0xC0, 0xC1, 0xC3
_NEXT_BLOCK = 2
_KINDS: dict[int, Recorded] = {_GET: "device_read", _SET: "device_written", _ACTION: "device_commanded"}
_TROUBLES: dict[Trouble, Recorded] = {
    "damaged": "device_damaged",
    "undecipherable": "device_undecipherable",
    "replayed": "device_replayed",
}


class GatewayServer(Server):
    """Answers for itself, and stands between head ends and ``children``."""

    def __init__(
        self,
        model: CosemModel,
        settings: LinkSettings,
        *,
        gateway: GatewaySettings,
        children: Sequence[Child],
        logs: DeviceLogs,
    ) -> None:
        super().__init__(model, settings)
        self.gateway = gateway
        self.retries = gateway.retries
        self.children = tuple(children)
        self.logs = logs

    def exchange(self, key: SessionKey, apdu: bytes) -> list[bytes]:
        """Answer for itself or pass the request on, as its envelope or its logical device says."""
        if self.gateway.routing == "sap":
            child = next((one for one in self.children if one.settings.sap == key.server), None)
            if child is None:
                return super().exchange(key, apdu)
            return self.pass_on(child, key, apdu, None) if self.serves(child) else [encode_response(NOT_POSSIBLE)]
        if apdu[:1] != bytes([prefix.REQUEST]):
            return super().exchange(key, apdu)
        try:
            envelope = prefix.decode(apdu)
        except Malformed:
            return []
        child = self.child_at(envelope.network, envelope.address)
        if child is None or not self.serves(child):
            return [self.enclosed(encode_response(NOT_POSSIBLE), envelope)]
        return self.pass_on(child, key, envelope.apdu, envelope)

    def child_at(self, network: int, address: bytes) -> Child | None:
        """The device of an address, None where nobody is."""
        place = (network, address)
        return next((one for one in self.children if (one.settings.network, one.settings.address) == place), None)

    def serves(self, child: Child) -> bool:
        """Whether requests for a device are passed on."""
        return child.installed

    def enclosed(self, apdu: bytes, asked: Envelope | None) -> bytes:
        """Put an answer into the envelope that its request had, if any."""
        if asked is None:
            return apdu
        return prefix.encode(Envelope(header=prefix.RESPONSE, network=asked.network, address=asked.address, apdu=apdu))

    def pass_on(self, child: Child, key: SessionKey, apdu: bytes, asked: Envelope | None) -> list[bytes]:
        """Ask a device and give its answers; where there is none to give, an exception, after the waiting."""
        if not child.reachable:
            self.found_silent(child)
            self.answer_late(key, asked, self.retries * self.gateway.patience_s)
            return []
        heard = child.ask(key, apdu, self.line_now)
        self.found_alive(child)
        trouble = self.trouble_of(child, heard)
        if trouble is not None:
            self.logs.record(trouble, child.settings)
            self.answer_late(key, asked, self.gateway.patience_s)
            return []
        answers = [one.envelope.apdu for one in heard if one.envelope is not None]
        if answers:
            self.record_interaction(child, key, apdu, answers)
        return [self.enclosed(answer, asked) for answer in answers]

    def found_silent(self, child: Child) -> None:
        """Note that a device has not been reached, once until it is reached again."""
        child.failures += 1
        if child.failures >= self.gateway.attempts and (self.gateway.repeats or not child.given_up):
            child.given_up = True
            self.logs.record("device_unreachable", child.settings)

    def found_alive(self, child: Child) -> None:
        """Note that a device which was out of reach is there again."""
        child.failures = 0
        if child.given_up:
            child.given_up = False
            self.logs.record("device_returned", child.settings)

    def trouble_of(self, child: Child, heard: Sequence[Heard]) -> Recorded | None:
        """What is wrong with what came from a device, if anything is."""
        found = next((one.trouble for one in heard if one.trouble is not None), None)
        if found is not None:
            return _TROUBLES[found]
        own = child.settings.address
        if any(one.envelope is not None and one.envelope.address != own for one in heard):
            return "device_foreign"
        return "device_late" if any(not one.in_time for one in heard) else None

    def record_interaction(self, child: Child, key: SessionKey, apdu: bytes, answers: Sequence[bytes]) -> None:
        """Note what a head end and a device have done together, whatever the answers say."""
        if apdu[0] == acse.AARQ:
            told: Recorded = "device_session" if child.is_associated(key) else "device_unauthorised"
            self.logs.record(told, child.settings)
        elif apdu[0] in _KINDS and apdu[1] != _NEXT_BLOCK:
            self.logs.record(_KINDS[apdu[0]], child.settings)

    def answer_late(self, key: SessionKey, asked: Envelope | None, wait_s: float) -> None:
        """Tell the head end after some waiting that its request could not be carried out."""
        self.links[key.link_id].push_apdu(
            key, self.enclosed(encode_response(NOT_POSSIBLE), asked), self.line_now + wait_s
        )

    def detach(self, link_id: int) -> None:
        """Forget a link, and hang up towards the devices that it was for."""
        super().detach(link_id)
        for child in self.children:
            child.hang_up(link_id, self.line_now)
