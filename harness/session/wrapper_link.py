"""The wrapper core as a link of the stack."""

from harness.errors import DecodeError
from harness.protocol.wrapper import HEADER_OCTETS, WrapperFrame, WrapperReader
from harness.session.link import ApduIn, FrameIn, FrameOut, LinkEvent, LinkViolation, Stray

__all__ = ["WrapperLink"]


class WrapperLink:
    """TCP and UDP wrapper: no establishment, one frame an APDU."""

    def __init__(self, *, client: int, server: int, datagrams: bool) -> None:
        self._client = client
        self._server = server
        self._datagrams = datagrams
        self._reader = WrapperReader()
        self._outgoing: list[FrameOut] = []
        self._repeatable: FrameOut | None = None

    @property
    def is_open(self) -> bool:
        """The wrapper needs no establishment."""
        return True

    @property
    def is_closed(self) -> bool:
        """The wrapper has nothing to end."""
        return True

    @property
    def has_sent_all(self) -> bool:
        """Whether everything has left; nobody acknowledges."""
        return not self._outgoing

    @property
    def unfinished_octets(self) -> int:
        """Octets of a wrapper frame that has begun and not ended."""
        return self._reader.pending_octets

    def open(self) -> None:
        """Nothing to establish."""

    def close(self) -> None:
        """Nothing to end."""

    def send(self, apdu: bytes) -> None:
        """Queue one APDU in one frame."""
        octets = WrapperFrame(source=self._client, destination=self._server, payload=apdu).to_bytes()
        frame = FrameOut(octets=octets, description=self._describe(len(apdu)), at=HEADER_OCTETS, stop=len(apdu))
        self._outgoing.append(frame)
        self._repeatable = frame

    def _describe(self, length: int) -> str:
        return f"wrapper {self._client} -> {self._server}, {length} octets"

    def data_to_send(self) -> list[FrameOut]:
        """Return what was queued."""
        frames, self._outgoing = self._outgoing, []
        return frames

    def receive_data(self, data: bytes) -> list[LinkEvent]:
        """Take octets; a header that is no wrapper header is a violation and ends the use of a stream."""
        try:
            frames = [WrapperFrame.from_datagram(data)] if self._datagrams else self._reader.receive_data(data)
        except DecodeError as error:
            return [Stray(octets=data, reason=str(error)), LinkViolation(octets=data, reason=str(error))]
        events: list[LinkEvent] = []
        for frame in frames:
            octets = frame.to_bytes()
            description = f"wrapper {frame.source} -> {frame.destination}, {len(frame.payload)} octets"
            if frame.source != self._server:
                reason = f"wrapper {frame.source} -> {frame.destination} where {self._server} -> {self._client} is due"
                events += [Stray(octets=octets, reason=reason), LinkViolation(octets=octets, reason=reason)]
                continue
            if frame.destination != self._client:
                # Clients of a device may share a connection: what it pushes to another one is not ours to judge.
                events.append(FrameIn(octets=octets, description=f"{description}, for another client"))
                continue
            events += [FrameIn(octets=octets, description=description), ApduIn(octets=frame.payload)]
        if self._reader.failed:
            events.append(LinkViolation(octets=data, reason="octets behind a frame that begin no other"))
        return events

    def poll(self) -> bool:
        """Send the last datagram once more; a stream has no repetition of its own."""
        if not self._datagrams or self._repeatable is None:
            return False
        self._outgoing.append(self._repeatable)
        return True

    def invite(self) -> None:
        """Nobody waits for leave to send."""
