"""Information transfer on a link that is up: windows, segmentation, poll and final, repetition."""

from harness.errors import ProtocolViolation
from harness.protocol.hdlc.control import Control, FrameKind
from harness.protocol.hdlc.events import Acknowledged, Event, PeerBusy, Received, Unexpected
from harness.protocol.hdlc.frame import Frame
from harness.protocol.hdlc.parameters import Parameters
from harness.protocol.hdlc.turn import Turn
from harness.protocol.hdlc.window import Arrival, ReceiveWindow, Segment, SendWindow

__all__ = ["InformationTransfer"]


class InformationTransfer:
    """The client's side of one established link; ``negotiated`` is as seen from the client."""

    def __init__(self, negotiated: Parameters, *, max_payload_octets: int) -> None:
        self.negotiated = negotiated
        self._turn = Turn()
        self._poll_due = False
        self._peer_busy = False
        self._outbound = SendWindow(size=negotiated.window_transmit, segment_octets=negotiated.max_information_transmit)
        self._inbound = ReceiveWindow(size=negotiated.window_receive, max_payload_octets=max_payload_octets)

    @property
    def is_idle(self) -> bool:
        """Whether no payload waits to be sent or acknowledged."""
        return self._outbound.is_empty

    def send(self, payload: bytes) -> None:
        """Queue one payload, cut into segments."""
        self._outbound.push(payload)

    def poll(self) -> None:
        """Ask by RR how things stand, whoever's turn it is: a timeout has passed."""
        self._turn.give_up_waiting()
        self._poll_due = True

    def pull_frames(self) -> list[tuple[Control, Segment | None]]:
        """Return what may leave now: one RR, or the I frames that the window lets go."""
        if self._poll_due:
            self._poll_due = False
            self._turn.hand_over()
            number = self._inbound.acknowledged()
            return [(Control(kind=FrameKind.RR, poll_final=True, receive_number=number), None)]
        if not self._turn.is_ours or self._peer_busy:
            return []
        burst = self._outbound.pull_burst(self._inbound.expected)
        if burst:
            self._turn.hand_over()
            self._inbound.acknowledged()
        return [
            (self._information_control(number, poll=at == len(burst)), segment)
            for at, (number, segment) in enumerate(burst, start=1)
        ]

    def _information_control(self, send_number: int, *, poll: bool) -> Control:
        return Control(
            kind=FrameKind.I,
            poll_final=poll,
            send_number=send_number,
            receive_number=self._inbound.expected,
        )

    def receive(self, frame: Frame, control: Control, octets: bytes) -> list[Event]:
        """Take an I frame or a supervisory frame.

        ProtocolViolation for a frame that must be ignored altogether: a wrong N(R), too much
        information, information where none belongs.
        """
        if control.kind is FrameKind.I:
            return self._on_information(frame, control, octets)
        if frame.information:
            raise ProtocolViolation(f"{control.kind.name} with information")
        events = self._on_receive_number(control.receive_number)
        self._peer_busy = control.kind is FrameKind.RNR
        if self._peer_busy:
            events.append(PeerBusy())
        if control.poll_final:
            self._on_final()
        return events

    def _on_information(self, frame: Frame, control: Control, octets: bytes) -> list[Event]:
        largest = self.negotiated.max_information_receive
        if len(frame.information) > largest:
            raise ProtocolViolation(f"information of {len(frame.information)} octets, {largest} are agreed")
        events = self._on_receive_number(control.receive_number)
        self._peer_busy = False
        expected = self._inbound.expected
        arrival = self._inbound.classify(control.send_number)
        if arrival is Arrival.IN_SEQUENCE:
            events += self._on_segment(frame, octets, progress_told=bool(events))
        elif arrival is Arrival.IMPOSSIBLE:
            events.append(Unexpected(octets=octets, reason=f"N(S)={control.send_number}, due is {expected}"))
        in_sequence = arrival is Arrival.IN_SEQUENCE
        # A server that has used up its window must wait for us, whether or not it said so by F.
        ends_turn = control.poll_final or (in_sequence and self._inbound.is_full)
        if ends_turn and self._on_final() and (self._inbound.more_follow or not in_sequence):
            self._poll_due = True
        return events

    def _on_segment(self, frame: Frame, octets: bytes, *, progress_told: bool) -> list[Event]:
        self._turn.note_progress()
        # What is dropped is no progress that anybody should wait for.
        nothing_to_tell = progress_told or self._inbound.is_dropping
        try:
            payload = self._inbound.push(frame.information, more_follow=frame.segmented)
        except OverflowError as error:
            return [Unexpected(octets=octets, reason=str(error))]
        if payload is not None:
            return [Received(payload=payload)]
        return [] if nothing_to_tell else [Acknowledged()]

    def _on_receive_number(self, receive_number: int) -> list[Event]:
        carried = self._outbound.acknowledge(receive_number)
        for number in carried:
            self._inbound.peer_knows(number)
        if not carried:
            return []
        self._turn.note_progress()
        return [Acknowledged()]

    def _on_final(self) -> bool:
        if not self._turn.take_back():
            return False
        # A final bit answers our poll: what the server has not acknowledged by now, it has not got.
        self._outbound.take_back()
        return True
