"""The line to where pushes go: data-notifications in the wrapper, when the push setup says so."""

from reference_meter.codec import wrapper
from reference_meter.codec.wrapper import WrapperMessage
from reference_meter.consumer.notification import data_notification, in_envelope
from reference_meter.model.push import PushSetup
from reference_meter.security.store import SecurityStore
from reference_meter.server.association import SessionKey
from reference_meter.server.link import ServerLink
from reference_meter.server.server import Server

__all__ = ["PushLink"]

_SERVER_SAP = 1
_INVOKE_BITS = 0xFFFFFF


class PushLink(ServerLink):
    """One connection to the destination; nothing is heard there."""

    def __init__(self, server: Server, setup: PushSetup, security: SecurityStore) -> None:
        super().__init__(server)
        self.setup = setup
        self.number = 0
        self.security = security
        """Of what is pushed."""
        setup.carriers.append(self.carry)

    def carry(self, setup: PushSetup) -> None:
        """Send what a setup has to tell."""
        self.say(self.message(self.notification(setup)))

    def notification(self, setup: PushSetup) -> bytes:
        """The notification in the clear."""
        self.number = (self.number + 1) & _INVOKE_BITS
        return data_notification(self.number, b"", setup.body())

    def message(self, notification: bytes) -> bytes:
        """The notification as it leaves."""
        return in_envelope(notification, self.setup.settings.control, self.security)

    def say(self, apdu: bytes) -> None:
        """Send an APDU now."""
        message = WrapperMessage(source=_SERVER_SAP, destination=self.setup.settings.client_sap, apdu=apdu)
        self.send(wrapper.encode(message), self.server.line_now + self.settings.reaction_s)

    def receive(self, data: bytes, line_now: float) -> None:
        """Nothing is heard."""
        self.tick(line_now)

    def push_apdu(self, key: SessionKey, apdu: bytes, line_now: float) -> None:
        """Other APDUs do not leave here."""

    def end(self) -> None:
        """Tell the setup that nobody listens any more."""
        super().end()
        if self.carry in self.setup.carriers:
            self.setup.carriers.remove(self.carry)
