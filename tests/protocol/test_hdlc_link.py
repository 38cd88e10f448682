"""The client against a simulated server on a line that loses, damages and delays frames."""

from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st

from harness.protocol.hdlc import (
    Connected,
    Control,
    Disconnected,
    Event,
    Frame,
    FrameKind,
    FrameReader,
    FrameReceived,
    HdlcClient,
    Parameters,
    Received,
    ServerAddress,
    Unexpected,
)

ADDRESS = ServerAddress(upper=1, lower=17, octets=2)


@dataclass
class SimulatedServer:
    """As little of a secondary station as the client needs; answers each request with its mirror image."""

    stated: Parameters
    is_up: bool = False
    reader: FrameReader = field(default_factory=FrameReader)
    requests: list[bytes] = field(default_factory=list)

    def receive(self, data: bytes) -> list[bytes]:
        answers: list[bytes] = []
        for event in self.reader.receive_data(data) + self.reader.abandon_pending():
            if isinstance(event, FrameReceived):
                answers += self.on_frame(event.frame)
        return answers

    def on_frame(self, frame: Frame) -> list[bytes]:
        control = Control.from_octet(frame.control)
        match control.kind:
            case FrameKind.SNRM:
                proposal = Parameters.from_bytes(frame.information).as_seen_from_other_side()
                self.agreed = self.stated.limited_by(proposal)
                self.is_up, self.expected, self.oldest = True, 0, 0
                self.partial = b""
                self.segments: list[tuple[bytes, bool]] = []
                return [self.frame(FrameKind.UA, information=self.agreed.to_bytes())]
            case FrameKind.DISC:
                was_up, self.is_up = self.is_up, False
                return [self.frame(FrameKind.UA if was_up else FrameKind.DM)]
        if not self.is_up:
            return [self.frame(FrameKind.DM)] if control.poll_final else []
        acknowledged = (control.receive_number - self.oldest) % 8
        assert acknowledged <= min(len(self.segments), self.agreed.window_transmit), "a wrong N(R) from the client"
        del self.segments[:acknowledged]
        self.oldest = control.receive_number
        if control.kind is FrameKind.I and control.send_number == self.expected:
            self.on_segment(frame)
        return self.burst() if control.poll_final else []

    def on_segment(self, frame: Frame) -> None:
        assert len(frame.information) <= self.agreed.max_information_receive
        self.expected = (self.expected + 1) % 8
        self.partial += frame.information
        if frame.segmented:
            return
        request, self.partial = self.partial, b""
        self.requests.append(request)
        answer, size = request[::-1], self.agreed.max_information_transmit
        for start in range(0, len(answer), size):
            self.segments.append((answer[start : start + size], start + size < len(answer)))

    def burst(self) -> list[bytes]:
        window = self.segments[: self.agreed.window_transmit]
        if not window:
            return [self.frame(FrameKind.RR)]
        return [
            self.frame(
                FrameKind.I,
                final=at == len(window),
                number=(self.oldest + at - 1) % 8,
                information=information,
                segmented=more_follow,
            )
            for at, (information, more_follow) in enumerate(window, start=1)
        ]

    def frame(
        self,
        kind: FrameKind,
        *,
        final: bool = True,
        number: int = 0,
        information: bytes = b"",
        segmented: bool = False,
    ) -> bytes:
        control = Control(
            kind=kind,
            poll_final=final,
            send_number=number,
            receive_number=self.expected if kind.carries_receive_number else 0,
        )
        return Frame(
            destination=b"\x21",
            source=ADDRESS.to_bytes(),
            control=control.to_octet(),
            segmented=segmented,
            information=information,
        ).to_bytes()


@dataclass
class Line:
    """Carries frames both ways; each frame takes the next fate from the list, good when it is used up."""

    client: HdlcClient
    server: SimulatedServer
    fates: list[str]
    late: list[bytes] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)

    def carry(self, octets: bytes) -> bytes:
        match self.fates.pop() if self.fates else "good":
            case "lost":
                return b""
            case "damaged":
                return octets[:5] + bytes((octets[5] ^ 0x40,)) + octets[6:]
            case "cut":
                return octets[: len(octets) // 2]
            case _:
                return octets

    def exchange(self) -> None:
        """Let client and server talk until the client has nothing to say, then let it time out."""
        arrived = True
        while arrived:
            arrived = False
            outgoing = self.client.data_to_send()
            answers = self.late
            self.late = []
            for frame in outgoing:
                answers += self.server.receive(self.carry(frame.octets))
            if answers and self.fates and self.fates[-1] == "late":
                self.fates.pop()
                self.late, answers = answers, []
            for answer in answers:
                self.events += self.client.receive_data(self.carry(answer))
                arrived = True
        self.client.poll()

    def until(self, wanted: type[Event], count: int) -> None:
        for _ in range(60):
            if sum(isinstance(event, wanted) for event in self.events) >= count:
                return
            self.exchange()
        raise AssertionError(f"no {wanted.__name__} after 60 timeouts")


PARAMETERS = st.builds(
    Parameters,
    max_information_transmit=st.sampled_from([9, 16, 33, 128, 2030]),
    max_information_receive=st.sampled_from([9, 16, 33, 128, 2030]),
    window_transmit=st.integers(1, 7),
    window_receive=st.integers(1, 7),
)
REQUESTS = st.lists(
    st.one_of(
        st.binary(min_size=1, max_size=20), st.integers(21, 300).map(lambda size: (bytes(range(256)) * 2)[:size])
    ),
    min_size=1,
    max_size=3,
)


def talk(line: Line, requests: list[bytes]) -> None:
    line.client.connect()
    line.until(Connected, 1)
    for count, request in enumerate(requests, start=1):
        line.client.send(request)
        line.until(Received, count)
    line.client.disconnect()
    line.until(Disconnected, 1)
    received = [event.payload for event in line.events if isinstance(event, Received)]
    assert received == [request[::-1] for request in requests]
    assert line.server.requests == requests
    assert [event for event in line.events if isinstance(event, Unexpected)] == []


@given(st.one_of(st.none(), PARAMETERS), PARAMETERS, REQUESTS)
@settings(deadline=None)
def test_good_line_delivers_each_payload_once_with_any_sizes_and_windows(
    proposal: Parameters | None, stated: Parameters, requests: list[bytes]
) -> None:
    talk(Line(HdlcClient(16, ADDRESS, proposal), SimulatedServer(stated), []), requests)


@given(
    PARAMETERS,
    PARAMETERS,
    REQUESTS,
    st.lists(st.sampled_from(["good", "good", "late", "lost", "damaged", "cut"]), max_size=40),
)
@settings(deadline=None, max_examples=100)
def test_bad_line_is_recovered_by_polling(
    proposal: Parameters, stated: Parameters, requests: list[bytes], fates: list[str]
) -> None:
    talk(Line(HdlcClient(16, ADDRESS, proposal), SimulatedServer(stated), fates), requests)


@given(PARAMETERS, PARAMETERS, REQUESTS, st.lists(st.sampled_from(["good", "late"]), max_size=40))
@settings(deadline=None, max_examples=100)
def test_late_answers_are_no_violation_and_deliver_nothing_twice(
    proposal: Parameters, stated: Parameters, requests: list[bytes], fates: list[str]
) -> None:
    talk(Line(HdlcClient(16, ADDRESS, proposal), SimulatedServer(stated), fates), requests)


def test_no_frame_too_many_on_a_good_line() -> None:
    client = HdlcClient(16, ADDRESS, Parameters(window_transmit=3))
    server = SimulatedServer(Parameters(window_receive=3))
    sent: list[str] = []

    def talk_until_quiet() -> None:
        while outgoing := client.data_to_send():
            sent.extend(frame.description for frame in outgoing)
            for frame in outgoing:
                for answer in server.receive(frame.octets):
                    client.receive_data(answer)

    client.connect()
    talk_until_quiet()
    client.send(bytes(640))
    talk_until_quiet()
    assert sent == [
        "SNRM P",
        "I N(S)=0 N(R)=0, 128 octets, more follow",
        "I N(S)=1 N(R)=0, 128 octets, more follow",
        "I N(S)=2 N(R)=0 P, 128 octets, more follow",
        "I N(S)=3 N(R)=0, 128 octets, more follow",
        "I N(S)=4 N(R)=0 P, 128 octets",
        "RR N(R)=1 P",
        "RR N(R)=2 P",
        "RR N(R)=3 P",
        "RR N(R)=4 P",
    ]
