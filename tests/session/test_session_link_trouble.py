"""Trouble below the APDU: HDLC frames that bring nothing, links that end, floods, repeated datagrams."""

import tracemalloc
from collections.abc import Callable

import pytest

from harness.errors import ConformeterError, Garbled, ProtocolViolation, Silent
from harness.evidence.trace import read_trace
from harness.headend.stimuli.provoke import provoke
from harness.protocol.hdlc import Control, FrameKind
from harness.session import LinkEnded
from tests.session.conftest import AARE, RLRE, VALUE, Place, Reading, Request, Say, ScriptedLink

GET = bytes.fromhex("C001C100030100010800FF0200")

READY = Control(kind=FrameKind.RR, poll_final=True, receive_number=0)
NOT_READY = Control(kind=FrameKind.RNR, poll_final=True, receive_number=1)


def unnumbered(kind: FrameKind) -> Control:
    return Control(kind=kind, poll_final=True)


def on_information(answer: Callable[[ScriptedLink, float], None]) -> Callable[[ScriptedLink, Control, float], bool]:
    """Have every frame but SNRM and DISC answered by ``answer`` alone."""

    def on_frame(link: ScriptedLink, control: Control, now: float) -> bool:
        if control.kind in (FrameKind.SNRM, FrameKind.DISC):
            return False
        answer(link, now)
        return True

    return on_frame


def test_busy_for_ever_is_silence(place: Place, reading_at: Callable[[str], Reading]) -> None:
    reading = reading_at("hdlc")
    place.meter.on_frame = on_information(lambda link, now: link.put(link.frame(NOT_READY), now + 0.5))
    with pytest.raises(Silent):
        reading.get()


def test_dead_line_is_silence_after_the_links_own_repetitions(
    place: Place, reading_at: Callable[[str], Reading]
) -> None:
    reading = reading_at("hdlc")
    place.meter.deaf = lambda now: True
    before = len(list(read_trace(place.trace_path)))
    with pytest.raises(Silent):
        reading.get()
    sent = [record for record in list(read_trace(place.trace_path))[before:] if record["kind"] == "tx"]
    assert len(sent) == 1 + place.declaration.door("hdlc").repetitions


@pytest.mark.parametrize("kind", [FrameKind.RR, FrameKind.RNR])
def test_flood_of_good_frames_is_cut_short(place: Place, reading_at: Callable[[str], Reading], kind: FrameKind) -> None:
    reading = reading_at("hdlc")

    def flood(link: ScriptedLink, now: float) -> None:
        link.put(link.frame(Control(kind=kind, poll_final=False, receive_number=1)) * 20_000, now)

    place.meter.on_frame = on_information(flood)
    with pytest.raises(ProtocolViolation, match="flood"):
        reading.get()


@pytest.mark.parametrize(("kind", "by"), [(FrameKind.DM, "DM"), (FrameKind.FRMR, "FRMR"), (FrameKind.UA, "UA")])
def test_link_ended_by_the_meter_stays_ended(
    place: Place, reading_at: Callable[[str], Reading], kind: FrameKind, by: str
) -> None:
    reading = reading_at("hdlc")
    place.meter.on_frame = on_information(lambda link, now: link.put(link.frame(unnumbered(kind)), now))
    with pytest.raises(ProtocolViolation) as first:
        reading.get()
    with pytest.raises(ProtocolViolation):
        reading.get()
    assert kind is FrameKind.UA or (isinstance(first.value, LinkEnded) and first.value.by == by)


def test_disconnect_behind_the_answer_is_found_when_the_link_is_used_again(
    place: Place, reading_at: Callable[[str], Reading]
) -> None:
    reading = reading_at("hdlc")
    link = place.meter.links[-1]

    def answer_and_dm(octets: bytes) -> list[tuple[float, bytes]]:
        return [(0.0, octets[:-1] + link.frame(unnumbered(FrameKind.DM)))]

    place.meter.script = lambda request: (
        [Say(apdu=b"\xc4\x01" + request.invoke + b"\x00" + VALUE, shape=answer_and_dm)]
        if request.asks_register
        else None
    )
    assert reading.get() == VALUE
    with pytest.raises(LinkEnded):
        reading.get()
    with pytest.raises(LinkEnded):
        reading.get()


@pytest.mark.parametrize(("payload", "said"), [(b"", "nothing"), (bytes.fromhex("630380"), "63 03 80")])
def test_missing_llc_header_is_named(
    place: Place, reading_at: Callable[[str], Reading], payload: bytes, said: str
) -> None:
    reading = reading_at("hdlc")
    # The association has taken one information frame each way.
    information = Control(kind=FrameKind.I, poll_final=True, send_number=1, receive_number=2)
    place.meter.on_frame = on_information(lambda link, now: link.put(link.frame(information, payload), now))
    with pytest.raises(ProtocolViolation, match=f"{said} where the LLC header E6 E7 00 is due"):
        reading.get()


@pytest.mark.parametrize("damage", [b"\x01\x00\x00", b"\x00\x01\x00"])
def test_wrong_checksum_is_damage(place: Place, reading_at: Callable[[str], Reading], damage: bytes) -> None:
    reading = reading_at("hdlc")

    def bent(octets: bytes) -> list[tuple[float, bytes]]:
        end = bytes(a ^ b for a, b in zip(octets[-3:], damage, strict=True))
        return [(0.0, octets[:-3] + end)]

    place.meter.script = lambda request: (
        [Say(apdu=b"\xc4\x01" + request.invoke + b"\x00" + VALUE, shape=bent)] if request.asks_register else None
    )
    with pytest.raises(Garbled):
        reading.get()


def test_refused_link_says_so(place: Place) -> None:
    def refuse(link: ScriptedLink, control: Control, now: float) -> bool:
        link.put(link.frame(unnumbered(FrameKind.DM)), now)
        return True

    place.meter.on_frame = refuse
    head_end = place.head_end("hdlc")
    with pytest.raises(LinkEnded, match="DM"):
        head_end.connect(place.declaration.association("reading"))


@pytest.mark.parametrize("door", ["wrapper", "hdlc"])
@pytest.mark.parametrize("octet", [b"\x00", b"\x7e", b"\xa0", b"\x7e\xa0\x07"])
def test_flood_of_noise_costs_neither_memory_nor_time(
    place: Place, reading_at: Callable[[str], Reading], door: str, octet: bytes
) -> None:
    reading = reading_at(door)
    noise = octet * (60_000 // len(octet))
    says = [Say(raw=noise, after_s=at * 0.001) for at in range(100)]
    place.meter.script = lambda request: says if request.asks_register else None
    tracemalloc.start()
    try:
        with pytest.raises(ConformeterError):
            reading.get()
        _, peak_octets = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak_octets < 64 << 20


@pytest.mark.parametrize("door", ["wrapper", "hdlc"])
def test_notifications_do_not_move_the_end_of_an_exchange(
    place: Place, reading_at: Callable[[str], Reading], door: str
) -> None:
    reading = reading_at(door)
    notification = bytes.fromhex("0F00000001001101")

    def endlessly(request: Request) -> list[Say] | None:
        if not request.asks_register:
            return None
        return [Say(apdu=notification, after_s=at * 1.5) for at in range(1, 150)]

    place.meter.script = endlessly
    started = place.world.now
    with pytest.raises((Silent, ProtocolViolation)):
        reading.get()
    assert place.world.now - started <= reading.longest_exchange_s + 1.0


def test_tarpit_cannot_slow_the_harness_down_for_ever(place: Place, reading_at: Callable[[str], Reading]) -> None:
    reading = reading_at("wrapper")
    timing = reading.head_end.timing
    place.meter.script = lambda request: (
        [Say(apdu=b"\xc4\x01" + request.invoke + b"\x00" + VALUE, after_s=0.95 * timing.silence_s)]
        if request.asks_register
        else None
    )
    for _ in range(12):
        reading.client.services.get(reading.wanted)
    assert timing.silence_s == 60.0


@pytest.mark.parametrize("copies", [2, 3])
def test_repeated_datagrams_change_nothing(place: Place, reading_at: Callable[[str], Reading], copies: int) -> None:
    reading = reading_at("udp")
    values = iter(range(100))

    def repeating(request: Request) -> list[Say] | None:
        if not request.asks_register:
            return None
        answer = Say(apdu=b"\xc4\x01" + request.invoke + b"\x00\x11" + bytes([next(values)]))
        return [answer] * copies

    place.meter.script = repeating
    assert [reading.get() for _ in range(5)] == [bytes([0x11, number]) for number in range(5)]


def test_lost_datagram_is_sent_again(place: Place, reading_at: Callable[[str], Reading]) -> None:
    reading = reading_at("udp")
    lost = [True, False]
    place.meter.script = lambda request: [] if request.asks_register and lost and lost.pop(0) else None
    assert reading.get() == VALUE
    asked = [request for request in place.meter.requests if request.asks_register]
    assert len(asked) == 2
    assert asked[0].apdu == asked[1].apdu


@pytest.mark.parametrize("again", [Say(apdu=AARE), Say(apdu=RLRE)], ids=["AARE", "RLRE"])
def test_answer_about_an_association_is_never_taken_for_that_to_a_get(
    place: Place, reading_at: Callable[[str], Reading], again: Say
) -> None:
    reading = reading_at("udp")
    value = Say(apdu=b"\xc4\x01\xc1\x00" + VALUE)
    place.meter.script = lambda request: [again, value] if request.asks_register else None
    assert reading.get() == VALUE
    place.meter.script = lambda request: [again] if request.asks_register else None
    with pytest.raises(ProtocolViolation, match="to a request with invoke-id"):
        reading.get()


def test_error_that_comes_twice_because_it_was_asked_for_twice_is_one_answer(
    place: Place, reading_at: Callable[[str], Reading]
) -> None:
    reading = reading_at("udp")
    refusal = b"\xd8\x01\x02"
    asked = 0

    def late(request: Request) -> list[Say] | None:
        nonlocal asked
        asked += request.asks_register
        if not request.asks_register or asked > 2:
            return None
        return [Say(apdu=refusal, after_s=3.0 if asked == 1 else 2.0)]

    place.meter.script = late
    first = provoke(reading.client.conversation, GET, 0xC1)
    assert (first.name, asked) == ("exception:1/2", 2)
    assert reading.get() == VALUE


def test_error_that_is_given_again_after_a_repetition_is_still_an_answer(
    place: Place, reading_at: Callable[[str], Reading]
) -> None:
    reading = reading_at("udp")
    lost = [True]
    place.meter.script = lambda request: [] if lost and lost.pop() else [Say(apdu=b"\xd8\x01\x02")]
    assert [provoke(reading.client.conversation, GET, 0xC1).name for _ in range(3)] == ["exception:1/2"] * 3


def test_what_is_pushed_to_another_client_of_the_device_is_passed_over(
    place: Place, reading_at: Callable[[str], Reading]
) -> None:
    reading = reading_at("wrapper")
    pushed = Say(raw=bytes.fromhex("0001 0001 0067 0008 0F00000001001101"))
    place.meter.script = lambda request: (
        [pushed, Say(apdu=b"\xc4\x01" + request.invoke + b"\x00" + VALUE), pushed] if request.asks_register else None
    )
    assert [reading.get() for _ in range(3)] == [VALUE] * 3
    frames = [record["event"] for record in read_trace(place.trace_path) if record["kind"] == "rx"]
    assert frames.count("wrapper 1 -> 103, 8 octets, for another client") == 6


def test_general_blocks_are_in_the_trace_as_they_come(place: Place, reading_at: Callable[[str], Reading]) -> None:
    reading = reading_at("wrapper")
    blocks = [bytes.fromhex("E001 0001 0000 04 C401C100"), bytes.fromhex("E081 0002 0001 05") + VALUE]

    def script(request: Request) -> list[Say] | None:
        if request.asks_register:
            return [Say(apdu=blocks[0])]
        return [Say(apdu=blocks[1])] if request.apdu[0] == 0xE0 else None

    place.meter.script = script
    assert reading.get() == VALUE
    whole = [bytes.fromhex(record["data"]) for record in read_trace(place.trace_path) if record["kind"] == "apdu_rx"]
    assert whole[-3:] == [*blocks, bytes.fromhex("C401C100") + VALUE]
