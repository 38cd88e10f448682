import pytest

from harness.protocol.hdlc import (
    TRANSITIONS,
    Acknowledged,
    Connected,
    Control,
    Discarded,
    Disconnected,
    Event,
    Frame,
    FrameKind,
    FrameSeen,
    HdlcClient,
    LinkInput,
    LinkState,
    Outgoing,
    Parameters,
    PeerBusy,
    Received,
    Rejected,
    ServerAddress,
    Unexpected,
)

SERVER = ServerAddress(upper=1, lower=None, octets=1)
SNRM = bytes.fromhex("7E A0 07 03 21 93 0F 01 7E")
SNRM_PARAMETERS = bytes.fromhex(
    "7E A0 1E 03 21 93 CD 3B 81 80 12 05 01 80 06 01 80 07 04 00 00 00 01 08 04 00 00 00 01 53 3B 7E"
)
UA = bytes.fromhex("7E A0 07 21 03 73 01 40 7E")
DM = bytes.fromhex("7E A0 07 21 03 1F 6B E9 7E")
FRMR = bytes.fromhex("7E A0 07 21 03 97 2B E1 7E")
DISC = bytes.fromhex("7E A0 07 03 21 53 03 C7 7E")
GET_APDU = bytes.fromhex("E6 E6 00 C0 01 C1 00 08 00 00 01 00 00 FF 02 00")
GET_FIRST = bytes.fromhex("7E A0 19 03 21 10 7F DA E6 E6 00 C0 01 C1 00 08 00 00 01 00 00 FF 02 00 60 1A 7E")
GET_SECOND = bytes.fromhex("7E A0 19 03 21 32 6F D8 E6 E6 00 C0 01 C1 00 08 00 00 01 00 00 FF 02 00 60 1A 7E")


def answer(
    kind: FrameKind,
    *,
    ns: int = 0,
    nr: int = 0,
    final: bool = True,
    segmented: bool = False,
    information: bytes = b"",
    destination: bytes = b"\x21",
    source: bytes = b"\x03",
) -> bytes:
    control = Control(kind=kind, poll_final=final, send_number=ns, receive_number=nr).to_octet()
    return Frame(
        destination=destination, source=source, control=control, segmented=segmented, information=information
    ).to_bytes()


def connected(proposal: Parameters | None = None, **limits: int) -> HdlcClient:
    client = HdlcClient(16, SERVER, proposal, **limits)
    client.connect()
    client.data_to_send()
    information = proposal.as_seen_from_other_side().to_bytes() if proposal else b""
    events = client.receive_data(answer(FrameKind.UA, information=information))
    assert isinstance(events[-1], Connected)
    return client


def sent(client: HdlcClient) -> list[str]:
    return [outgoing.description for outgoing in client.data_to_send()]


def effects(events: list[Event]) -> list[Event]:
    return [event for event in events if not isinstance(event, FrameSeen)]


def reason(events: list[Event]) -> str:
    (event,) = effects(events)
    assert isinstance(event, Unexpected)
    return event.reason


def test_connect_without_parameters_takes_the_defaults() -> None:
    client = HdlcClient(16, SERVER, None)
    client.connect()
    assert client.data_to_send() == [Outgoing(octets=SNRM, description="SNRM P")]
    assert client.data_to_send() == []
    assert client.receive_data(UA) == [
        FrameSeen(octets=UA, description="UA F"),
        Connected(parameters=Parameters()),
    ]
    assert (client.state, client.negotiated) == (LinkState.CONNECTED, Parameters())


def test_new_client_is_disconnected_and_idle() -> None:
    client = HdlcClient(16, SERVER, None)
    assert (client.state, client.negotiated, client.idle) == (LinkState.DISCONNECTED, None, True)
    assert (client.data_to_send(), client.pending_octets) == ([], 0)


def test_negotiation_takes_the_smaller_values_seen_from_the_client() -> None:
    proposal = Parameters(
        max_information_transmit=500, max_information_receive=600, window_transmit=3, window_receive=2
    )
    client = HdlcClient(16, SERVER, proposal)
    client.connect()
    client.data_to_send()
    stated = Parameters(max_information_transmit=64, max_information_receive=256, window_transmit=7, window_receive=1)
    client.receive_data(answer(FrameKind.UA, information=stated.to_bytes()))
    assert client.negotiated == Parameters(
        max_information_transmit=256, max_information_receive=64, window_transmit=1, window_receive=2
    )


def test_snrm_states_the_proposal() -> None:
    client = HdlcClient(16, SERVER, Parameters())
    client.connect()
    assert client.data_to_send()[0].octets == SNRM_PARAMETERS


def test_reference_exchange() -> None:
    client = connected()
    client.send(GET_APDU)
    (outgoing,) = client.data_to_send()
    assert outgoing == Outgoing(octets=GET_FIRST, description="I N(S)=0 N(R)=0 P, 16 octets", at=8, start=0, stop=16)
    assert outgoing.octets[8:24] == GET_APDU
    idle_before = client.idle
    events = client.receive_data(answer(FrameKind.I, ns=0, nr=1, information=b"\xe6\xe7\x00xyz"))
    assert effects(events) == [Acknowledged(), Received(payload=b"\xe6\xe7\x00xyz")]
    assert (idle_before, client.idle) == (False, True)
    client.send(GET_APDU)
    assert client.data_to_send()[0].octets == GET_SECOND


def test_disconnect_by_ua_and_by_dm() -> None:
    for frame, by in ((UA, "UA"), (DM, "DM")):
        client = connected()
        client.send(GET_APDU)
        client.disconnect()
        assert [outgoing.octets for outgoing in client.data_to_send()] == [DISC]
        assert (client.negotiated, client.idle) == (None, True)
        (event,) = effects(client.receive_data(frame))
        assert isinstance(event, Disconnected)
        assert event.by == by
        assert client.state is LinkState.DISCONNECTED


def test_dm_while_connected_ends_the_link() -> None:
    client = connected()
    assert effects(client.receive_data(DM)) == [Disconnected(by="DM")]
    with pytest.raises(ValueError, match="disconnected"):
        client.send(GET_APDU)


def test_dm_answers_snrm() -> None:
    client = HdlcClient(16, SERVER, None)
    client.connect()
    client.data_to_send()
    assert effects(client.receive_data(DM)) == [Disconnected(by="DM")]


def test_frmr_ends_the_link_with_its_information() -> None:
    client = connected()
    assert effects(client.receive_data(FRMR)) == [Rejected(information=b"")]
    client.connect()
    client.data_to_send()
    client.receive_data(UA)
    assert effects(client.receive_data(answer(FrameKind.FRMR, information=b"\x10\x00\x01"))) == [
        Rejected(information=b"\x10\x00\x01")
    ]
    assert client.state is LinkState.DISCONNECTED


def test_empty_payload_is_refused() -> None:
    with pytest.raises(ValueError, match="empty"):
        connected().send(b"")


def test_long_payload_is_segmented_and_waits_for_each_acknowledgement() -> None:
    client = connected()
    payload = bytes(range(256)) + b"end"
    client.send(payload)
    told = []
    for number in range(3):
        (outgoing,) = client.data_to_send()
        assert client.data_to_send() == []
        told.append((outgoing.description, outgoing.start, outgoing.stop))
        assert outgoing.octets[outgoing.at :].startswith(payload[outgoing.start : outgoing.stop])
        ready = answer(FrameKind.RR, nr=number + 1)
        assert effects(client.receive_data(ready)) == [Acknowledged()]
    assert told == [
        ("I N(S)=0 N(R)=0 P, 128 octets, more follow", 0, 128),
        ("I N(S)=1 N(R)=0 P, 128 octets, more follow", 128, 256),
        ("I N(S)=2 N(R)=0 P, 3 octets", 256, 259),
    ]
    assert client.idle


def test_window_above_one_polls_with_its_last_frame() -> None:
    client = connected(Parameters(max_information_transmit=10, window_transmit=3))
    client.send(bytes(35))
    assert sent(client) == [
        "I N(S)=0 N(R)=0, 10 octets, more follow",
        "I N(S)=1 N(R)=0, 10 octets, more follow",
        "I N(S)=2 N(R)=0 P, 10 octets, more follow",
    ]
    client.receive_data(answer(FrameKind.RR, nr=3))
    assert sent(client) == ["I N(S)=3 N(R)=0 P, 5 octets"]


def test_segments_of_the_peer_are_acknowledged_each_and_put_together() -> None:
    client = connected()
    client.send(GET_APDU)
    client.data_to_send()
    first = client.receive_data(answer(FrameKind.I, ns=0, nr=1, segmented=True, information=b"ab"))
    assert effects(first) == [Acknowledged()]
    assert sent(client) == ["RR N(R)=1 P"]
    second = client.receive_data(answer(FrameKind.I, ns=1, nr=1, segmented=True, information=b"cd"))
    assert effects(second) == [Acknowledged()]
    assert sent(client) == ["RR N(R)=2 P"]
    last = client.receive_data(answer(FrameKind.I, ns=2, nr=1, information=b"ef"))
    assert effects(last) == [Received(payload=b"abcdef")]
    assert sent(client) == []


def test_window_of_the_peer_is_acknowledged_after_its_final_frame() -> None:
    client = connected(Parameters(window_receive=3))
    client.send(GET_APDU)
    client.data_to_send()
    client.receive_data(
        answer(FrameKind.I, ns=0, nr=1, final=False, segmented=True, information=b"a")
        + answer(FrameKind.I, ns=1, nr=1, final=False, segmented=True, information=b"b")
    )
    assert sent(client) == []
    client.receive_data(answer(FrameKind.I, ns=2, nr=1, segmented=True, information=b"c"))
    assert sent(client) == ["RR N(R)=3 P"]


def test_full_window_without_the_final_bit_is_acknowledged_too() -> None:
    client = connected()
    client.send(GET_APDU)
    client.data_to_send()
    client.receive_data(answer(FrameKind.I, ns=0, nr=1, final=False, segmented=True, information=b"a"))
    assert sent(client) == ["RR N(R)=1 P"]


def test_poll_repeats_the_command_that_has_no_answer() -> None:
    client = HdlcClient(16, SERVER, None)
    client.poll()
    assert sent(client) == []
    client.connect()
    client.poll()
    assert sent(client) == ["SNRM P"]
    client.poll()
    assert sent(client) == ["SNRM P"]
    client.disconnect()
    assert sent(client) == ["DISC P"]
    client.poll()
    assert sent(client) == ["DISC P"]


def test_poll_finds_out_that_a_request_was_lost_and_sends_it_again() -> None:
    client = connected()
    client.send(GET_APDU)
    client.data_to_send()
    client.poll()
    assert sent(client) == ["RR N(R)=0 P"]
    client.receive_data(answer(FrameKind.RR, nr=0))
    assert sent(client) == ["I N(S)=0 N(R)=0 P, 16 octets"]


def test_poll_finds_out_that_an_answer_was_lost() -> None:
    client = connected()
    client.send(GET_APDU)
    client.data_to_send()
    client.poll()
    client.data_to_send()
    events = client.receive_data(answer(FrameKind.I, ns=0, nr=1, information=b"ab"))
    assert effects(events) == [Acknowledged(), Received(payload=b"ab")]


def test_only_the_missing_end_of_a_window_is_sent_again() -> None:
    client = connected(Parameters(max_information_transmit=10, window_transmit=3))
    client.send(bytes(30))
    client.data_to_send()
    assert effects(client.receive_data(answer(FrameKind.RR, nr=1))) == [Acknowledged()]
    assert sent(client) == [
        "I N(S)=1 N(R)=0, 10 octets, more follow",
        "I N(S)=2 N(R)=0 P, 10 octets",
    ]


def test_acknowledgement_without_the_final_bit_leaves_the_turn_with_the_server() -> None:
    client = connected()
    client.send(bytes(130))
    client.data_to_send()
    assert effects(client.receive_data(answer(FrameKind.RR, nr=1, final=False))) == [Acknowledged()]
    assert sent(client) == []
    client.receive_data(answer(FrameKind.RR, nr=1))
    assert sent(client) == ["I N(S)=1 N(R)=0 P, 2 octets"]


def test_rej_is_answered_like_rr() -> None:
    client = connected()
    client.send(GET_APDU)
    client.data_to_send()
    client.receive_data(answer(FrameKind.REJ, nr=0))
    assert sent(client) == ["I N(S)=0 N(R)=0 P, 16 octets"]


def test_server_that_never_gets_on_is_not_answered_for_ever() -> None:
    client = connected()
    client.send(GET_APDU)
    rounds = 0
    while client.data_to_send():
        rounds += 1
        client.receive_data(answer(FrameKind.RR, nr=0))
    assert rounds == 2


def test_late_answer_does_not_double_the_traffic() -> None:
    client = connected()
    client.send(GET_APDU)
    client.data_to_send()
    client.poll()
    client.data_to_send()
    client.receive_data(answer(FrameKind.I, ns=0, nr=1, information=b"ab"))
    client.send(GET_APDU)
    assert sent(client) == ["I N(S)=1 N(R)=1 P, 16 octets"]
    # The answer to the RR, now that the answer to the request has come.
    assert effects(client.receive_data(answer(FrameKind.RR, nr=1))) == []
    assert sent(client) == []
    events = client.receive_data(answer(FrameKind.I, ns=1, nr=2, information=b"cd"))
    assert effects(events) == [Acknowledged(), Received(payload=b"cd")]


def test_late_ua_after_a_repeated_snrm_is_no_violation_but_one_out_of_the_blue_is() -> None:
    client = HdlcClient(16, SERVER, None)
    client.connect()
    client.data_to_send()
    client.poll()
    client.data_to_send()
    client.receive_data(UA)
    assert effects(client.receive_data(UA)) == []
    assert reason(client.receive_data(UA)) == "UA while connected"


def test_busy_peer_is_left_alone_until_polled() -> None:
    client = connected()
    client.send(bytes(130))
    client.data_to_send()
    assert effects(client.receive_data(answer(FrameKind.RNR, nr=1))) == [Acknowledged(), PeerBusy()]
    assert sent(client) == []
    client.poll()
    assert sent(client) == ["RR N(R)=0 P"]
    client.receive_data(answer(FrameKind.RR, nr=1))
    assert sent(client) == ["I N(S)=1 N(R)=0 P, 2 octets"]


def test_duplicate_is_not_delivered_twice_and_is_answered_by_rr() -> None:
    client = connected()
    client.send(GET_APDU)
    client.data_to_send()
    frame = answer(FrameKind.I, ns=0, nr=1, information=b"ab")
    client.receive_data(frame)
    assert effects(client.receive_data(frame)) == []
    assert sent(client) == ["RR N(R)=1 P"]


def test_number_that_does_not_advance_is_a_violation_once_the_peer_knows_better() -> None:
    client = connected()
    client.send(GET_APDU)
    client.data_to_send()
    client.receive_data(answer(FrameKind.I, ns=0, nr=1, information=b"ab"))
    client.send(GET_APDU)
    client.data_to_send()
    events = client.receive_data(answer(FrameKind.I, ns=0, nr=2, information=b"cd"))
    assert effects(events)[0] == Acknowledged()
    assert isinstance(effects(events)[1], Unexpected)
    assert not any(isinstance(event, Received) for event in events)


@pytest.mark.parametrize(
    ("frame", "text"),
    [
        (answer(FrameKind.I, ns=1, nr=0, information=b"ab"), "N(S)=1, due is 0"),
        (answer(FrameKind.I, ns=0, nr=1, information=b"ab"), "N(R)=1, possible are 0 to 0"),
        (answer(FrameKind.RR, nr=7), "N(R)=7, possible are 0 to 0"),
        (answer(FrameKind.I, information=bytes(129)), "information of 129 octets, 128 are agreed"),
        (answer(FrameKind.RR, information=b"a"), "RR with information"),
        (answer(FrameKind.RR, segmented=True), "the segmentation bit in a frame other than I"),
        (answer(FrameKind.UA), "UA while connected"),
        (answer(FrameKind.UI, information=b"a"), "UI from a server in normal response mode"),
        (answer(FrameKind.SNRM), "SNRM from a server in normal response mode"),
        (Frame(destination=b"\x21", source=b"\x03", control=0xFF).to_bytes(), "unknown control FF"),
    ],
)
def test_good_frame_that_breaks_the_rules_is_unexpected(frame: bytes, text: str) -> None:
    client = connected()
    events = client.receive_data(frame)
    assert isinstance(events[0], FrameSeen)
    assert reason(events) == text
    assert client.state is LinkState.CONNECTED


@pytest.mark.parametrize(
    ("frame", "text"),
    [
        (answer(FrameKind.UA, final=False), "UA without the final bit"),
        (answer(FrameKind.UA, information=b"\x81\x80\x01"), "the length of the parameter group is wrong"),
        (answer(FrameKind.I, information=b"a"), "I or supervisory frame while connecting"),
    ],
)
def test_wrong_answer_to_snrm_leaves_the_client_connecting(frame: bytes, text: str) -> None:
    client = HdlcClient(16, SERVER, Parameters())
    client.connect()
    client.data_to_send()
    assert text in reason(client.receive_data(frame))
    assert client.state is LinkState.CONNECTING


def test_data_on_its_way_while_disconnecting_is_ignored() -> None:
    client = connected()
    client.disconnect()
    client.data_to_send()
    assert effects(client.receive_data(answer(FrameKind.I, information=b"a"))) == []
    assert effects(client.receive_data(UA)) == [Disconnected(by="UA")]


def test_what_is_not_for_us_is_discarded() -> None:
    client = connected()
    foreign = answer(FrameKind.RR, destination=b"\x23")
    stranger = answer(FrameKind.RR, source=b"\x05")
    events = client.receive_data(b"\x00" + foreign + stranger + SNRM)
    assert [type(event) for event in events] == [Discarded] * 4
    texts = [event.reason for event in events if isinstance(event, Discarded)]
    assert texts == [
        "octets outside of a frame",
        "addressed to 23, not to us",
        "from 05, not from our server",
        "addressed to 03, not to us",
    ]


def test_payload_beyond_the_limit_is_dropped_once() -> None:
    client = connected(max_payload_octets=3)
    client.send(GET_APDU)
    client.data_to_send()
    client.receive_data(answer(FrameKind.I, ns=0, nr=1, segmented=True, information=b"ab"))
    client.data_to_send()
    over = client.receive_data(answer(FrameKind.I, ns=1, nr=1, segmented=True, information=b"cd"))
    assert reason(over) == "a payload of more than 3 octets"
    assert sent(client) == ["RR N(R)=2 P"]
    assert effects(client.receive_data(answer(FrameKind.I, ns=2, nr=1, segmented=True, information=b"e"))) == []
    client.data_to_send()
    assert effects(client.receive_data(answer(FrameKind.I, ns=3, nr=1, information=b"f"))) == []
    client.send(GET_APDU)
    client.data_to_send()
    events = client.receive_data(answer(FrameKind.I, ns=4, nr=2, information=b"ghi"))
    assert effects(events) == [Acknowledged(), Received(payload=b"ghi")]


def test_unfinished_frame_is_given_up_by_poll_and_told_by_the_next_call() -> None:
    client = connected()
    client.send(GET_APDU)
    client.data_to_send()
    frame = answer(FrameKind.I, ns=0, nr=1, information=b"abcdefghijkl")
    # The tail of the frame is lost, and the frame behind it is swallowed.
    assert client.receive_data(frame[:-12] + answer(FrameKind.RR, nr=1)) == []
    assert client.pending_octets > 0
    client.poll()
    assert client.pending_octets == 0
    events = client.receive_data(b"")
    assert isinstance(events[0], Discarded)
    assert effects(events)[1:] == [Acknowledged()]


def test_new_snrm_on_a_link_that_is_up_starts_from_zero() -> None:
    client = connected()
    client.send(GET_APDU)
    client.data_to_send()
    client.receive_data(answer(FrameKind.RR, nr=1))
    client.connect()
    assert sent(client) == ["SNRM P"]
    client.receive_data(UA)
    client.send(GET_APDU)
    assert client.data_to_send()[0].octets == GET_FIRST


def test_table_reaches_every_state_and_lets_the_client_out_of_each() -> None:
    for state in LinkState:
        assert TRANSITIONS[state, LinkInput.SEND_SNRM] is LinkState.CONNECTING
        assert TRANSITIONS[state, LinkInput.SEND_DISC] is LinkState.DISCONNECTING
        assert state in TRANSITIONS.values()
