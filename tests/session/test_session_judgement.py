"""What a missing or damaged answer means, by the rules of verdicts: repeated, recovered, given up."""

from collections.abc import Callable

import pytest

from harness.errors import DecodeError, Inconclusive, LineDamaged, NonConformity, ProtocolViolation, Refused, Silent
from harness.headend.judged import DeviceLost
from harness.protocol.axdr import Data, DataType
from tests.session.conftest import AARE, VALUE, Place, Reading, Request, Say

DOORS = ("wrapper", "hdlc")
INACTIVITY_S = 120.0
RESULT = {0xC0: b"\xc4\x01", 0xC1: b"\xc5\x01", 0xC3: b"\xc7\x01"}


class Crash:
    """A meter that goes down at a request for the register, ``times`` times, for ``down_s`` each."""

    def __init__(self, place: Place, *, down_s: float, times: int = 1_000_000) -> None:
        self.times = times
        self._down_s = down_s
        self._up_at = 0.0
        place.meter.script = self.script
        place.meter.deaf = lambda now: now < self._up_at

    def script(self, request: Request) -> list[Say] | None:
        if not request.asks_register or not self.times:
            return None
        self.times -= 1
        self._up_at = request.now + self._down_s
        return []


@pytest.mark.parametrize("door", DOORS)
def test_crash_that_repeats_after_recovery_is_a_finding(
    place: Place, reading_at: Callable[[str], Reading], door: str
) -> None:
    reading = reading_at(door)
    Crash(place, down_s=60.0)
    with pytest.raises(NonConformity) as found:
        reading.client.read(reading.wanted)
    assert "the device was down" in found.value.observed
    assert "down again" in found.value.observed


@pytest.mark.parametrize("door", DOORS)
def test_crash_that_does_not_repeat_is_put_down_to_the_line(
    place: Place, reading_at: Callable[[str], Reading], door: str
) -> None:
    reading = reading_at(door)
    Crash(place, down_s=60.0, times=1)
    with pytest.raises(Inconclusive) as ended:
        reading.client.read(reading.wanted)
    assert ended.value.missing == "line"


@pytest.mark.parametrize("door", DOORS)
def test_device_that_never_comes_back_ends_the_run_and_names_the_stimulus(
    place: Place, reading_at: Callable[[str], Reading], door: str
) -> None:
    reading = reading_at(door)
    Crash(place, down_s=1e9)
    started = place.world.now
    with pytest.raises(DeviceLost, match=r"GET 1\.0\.1\.8\.0\.255 attribute 2") as lost:
        reading.client.read(reading.wanted)
    assert lost.value.missing == "device"
    assert place.world.now - started < INACTIVITY_S * 1.1 + 120.0


def test_wedged_association_with_others_served_is_told_apart(
    place: Place, reading_at: Callable[[str], Reading]
) -> None:
    reading = reading_at("wrapper")
    crash = Crash(place, down_s=60.0, times=1)

    def script(request: Request) -> list[Say] | None:
        said = crash.script(request)
        return [] if request.asks_register else said

    place.meter.script = script
    with pytest.raises(NonConformity, match="answering others again"):
        reading.client.read(reading.wanted)


def test_checksum_errors_in_good_exchanges_are_the_lines(place: Place, reading_at: Callable[[str], Reading]) -> None:
    reading = reading_at("hdlc")
    place.meter.script = lambda request: (
        [Say(apdu=AARE, shape=lambda octets: [(0.0, octets[:-2] + b"\x00" + octets[-1:])])]
        if request.apdu[0] == 0x60
        else []
    )
    with pytest.raises(LineDamaged):
        reading.client.read(reading.wanted)


def test_half_frames_over_tcp_are_the_devices_and_not_the_lines(
    place: Place, reading_at: Callable[[str], Reading]
) -> None:
    reading = reading_at("wrapper")
    place.meter.script = lambda request: [Say(apdu=AARE, shape=lambda octets: [(0.0, octets[:20])])]
    with pytest.raises(DeviceLost):
        reading.client.read(reading.wanted)


@pytest.mark.parametrize("door", DOORS)
def test_aare_that_never_comes_for_one_client_is_a_finding(place: Place, door: str) -> None:
    place.meter.script = lambda request: [] if request.client == 2 else None
    with pytest.raises(NonConformity, match="the association of client reading"):
        place.head_end(door).associate("reading")


@pytest.mark.parametrize("door", DOORS)
def test_aare_that_never_comes_for_anybody_ends_the_run(place: Place, door: str) -> None:
    place.meter.script = lambda request: []
    with pytest.raises(DeviceLost, match="the association of client reading"):
        place.head_end(door).associate("reading")


@pytest.mark.parametrize("door", DOORS)
def test_line_is_given_back_before_it_is_taken_again(place: Place, door: str) -> None:
    place.meter.script = lambda request: [] if request.apdu[0] == 0x60 else None
    head_end = place.head_end(door)
    with pytest.raises(DeviceLost):
        head_end.associate("reading")
    assert len(place.meter.links) >= 4
    assert place.meter.most_open == 1


REJECTED = bytes.fromhex("6117A109060760857405080101A203020101A305A10302010D")
OTHER_CONTEXT = AARE.replace(bytes.fromhex("60857405080101"), bytes.fromhex("60857405080102"))
OTHER_VAA = AARE[:-2] + bytes.fromhex("FA00")


@pytest.mark.parametrize(
    ("aare", "raised"),
    [
        (REJECTED, Refused),
        (b"\xd8\x01\x01", Refused),
        (b"\x0e\x01\x06\x01", Refused),
        (OTHER_CONTEXT, NonConformity),
        (OTHER_VAA, NonConformity),
        (AARE[:-1], NonConformity),
        (AARE + b"\x00", NonConformity),
        (b"\xc4\x01\xc1\x00\x11\x01", NonConformity),
    ],
)
def test_every_answer_to_an_aarq_but_a_sound_aare_is_told(place: Place, aare: bytes, raised: type[Exception]) -> None:
    place.meter.script = lambda request: [Say(apdu=aare)] if request.client == 2 and request.apdu[0] == 0x60 else None
    with pytest.raises(raised):
        place.head_end("wrapper").associate("reading")


def refusing(result: bytes) -> Callable[[Request], list[Say] | None]:
    def script(request: Request) -> list[Say] | None:
        if not request.asks_register:
            return None
        return [Say(apdu=RESULT[request.apdu[0]] + request.invoke + result)]

    return script


@pytest.mark.parametrize("door", DOORS)
def test_set_without_success_raises(place: Place, reading_at: Callable[[str], Reading], door: str) -> None:
    reading = reading_at(door)
    place.meter.script = refusing(b"\x03")
    with pytest.raises(Refused) as refused:
        reading.client.set(reading.wanted, Data(DataType.UNSIGNED, 1))
    assert refused.value.answer == "dar:3"


@pytest.mark.parametrize(
    ("result", "answer"), [(b"\x02\x00", "action:2"), (b"\x00\x01\x01\x0b", "dar:11"), (b"\xfa\x00", "action:250")]
)
def test_action_without_success_raises(
    place: Place, reading_at: Callable[[str], Reading], result: bytes, answer: str
) -> None:
    reading = reading_at("wrapper")
    place.meter.script = refusing(result)
    with pytest.raises(Refused) as refused:
        reading.client.action(reading.register, 1, Data(DataType.INTEGER, 0))
    assert refused.value.answer == answer


def test_set_and_action_with_success_pass(place: Place, reading_at: Callable[[str], Reading]) -> None:
    reading = reading_at("wrapper")
    place.meter.script = refusing(b"\x00")
    reading.client.set(reading.wanted, Data(DataType.UNSIGNED, 1))
    place.meter.script = refusing(b"\x00\x01\x00" + VALUE)
    assert reading.client.action(reading.register, 1, None) == Data(DataType.DOUBLE_LONG_UNSIGNED, 1)
    place.meter.script = refusing(b"\x00\x00")
    assert reading.client.action(reading.register, 1, Data(DataType.INTEGER, 0)) is None


def test_bad_item_of_a_list_is_no_value(place: Place, reading_at: Callable[[str], Reading]) -> None:
    reading = reading_at("wrapper")
    listed = b"\x03\x00" + VALUE + b"\x01\x04\x00" + VALUE
    place.meter.script = lambda request: (
        [Say(apdu=b"\xc4\x03" + request.invoke + listed)] if request.asks_register else None
    )
    results = reading.client.get_list([reading.wanted] * 3)
    assert [result.data for result in results] == [VALUE, None, VALUE]
    assert [result.result for result in results] == [None, 4, None]


@pytest.mark.parametrize("count", [1, 2, 4])
def test_list_of_another_length_is_a_finding(place: Place, reading_at: Callable[[str], Reading], count: int) -> None:
    reading = reading_at("wrapper")
    listed = bytes([count]) + (b"\x00" + VALUE) * count
    place.meter.script = lambda request: (
        [Say(apdu=b"\xc4\x03" + request.invoke + listed)] if request.asks_register else None
    )
    with pytest.raises(NonConformity, match="asked for 3 attributes"):
        reading.client.get_list([reading.wanted] * 3)


def test_rows_broken_in_the_middle_are_judged_like_any_answer(
    place: Place, reading_at: Callable[[str], Reading]
) -> None:
    reading = reading_at("wrapper")
    raw = b"\x01\x03" + b"\x02\x01\x11\x07" * 2
    place.meter.script = lambda request: (
        [Say(apdu=b"\xc4\x01" + request.invoke + b"\x00" + raw)] if request.asks_register else None
    )
    with pytest.raises(NonConformity):
        list(reading.client.rows(reading.wanted))

    def block_then_silence(request: Request) -> list[Say] | None:
        if request.apdu[:2] == b"\xc0\x02":
            return []
        block = b"\xc4\x02" + request.invoke + b"\x00\x00\x00\x00\x01\x00" + bytes([len(raw)]) + raw
        return [Say(apdu=block)] if request.asks_register else None

    place.meter.script = block_then_silence
    reading.client.establish()
    rows = reading.client.rows(reading.wanted)
    assert next(rows).values == (7,)
    assert next(rows).values == (7,)
    with pytest.raises(NonConformity):
        next(rows)


def test_damaged_value_of_a_probe_counts_as_no_answer(place: Place) -> None:
    head_end = place.head_end("wrapper")
    assert head_end.answers()
    place.meter.script = lambda request: (
        [Say(apdu=b"\xc4\x01" + request.invoke + b"\x00\x09\x05a")] if (request.apdu[0] == 0xC0) else None
    )
    assert not head_end.answers()
    assert "octet" in head_end.last_failure


def test_errors_of_the_conversation_itself_keep_their_class(place: Place, reading_at: Callable[[str], Reading]) -> None:
    reading = reading_at("wrapper")
    place.meter.script = lambda request: []
    with pytest.raises(Silent) as silent:
        reading.get()
    assert silent.value.waited_s == pytest.approx(2.0, abs=0.1)
    assert not isinstance(silent.value, ProtocolViolation | DecodeError)
