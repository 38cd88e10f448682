"""No octet of a password reaches the trace, whichever way it crosses the line."""

from collections.abc import Callable

import pytest

from harness.evidence.trace import read_trace
from harness.protocol.hdlc import Parameters
from harness.session.recorder import LineRecorder
from tests.session.conftest import Place, Reading, Request, Say

SECRET = b"secret-of-reading"


def written(place: Place) -> str:
    return place.trace_path.read_text(encoding="utf-8")


@pytest.mark.parametrize("door", ["wrapper", "udp", "hdlc"])
def test_password_in_the_aarq_is_masked(reading_at: Callable[[str], Reading], place: Place, door: str) -> None:
    reading_at(door)
    assert SECRET.hex() not in written(place)
    masked = [record for record in read_trace(place.trace_path) if "masked" in record]
    assert {record["kind"] for record in masked} == {"tx", "apdu_tx"}
    for record in masked:
        assert record["data"].count("**") >= len(SECRET)


def test_checksum_over_a_password_is_masked_too(reading_at: Callable[[str], Reading], place: Place) -> None:
    reading_at("hdlc")
    (frame,) = [record for record in read_trace(place.trace_path) if record["kind"] == "tx" and "masked" in record]
    assert frame["data"].endswith("****" + "**") or frame["data"].endswith("****7e")


def test_password_over_several_segments_is_masked_in_each(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    for octets in range(1, 70):
        small = Parameters(max_information_transmit=octets)
        monkeypatch.setattr("harness.headend.link_for.hdlc.Parameters", lambda small=small, **given: small)
        place.head_end("hdlc").associate("reading")
    sent = [record for record in read_trace(place.trace_path) if record["kind"] == "tx"]
    assert len([record for record in sent if "masked" in record]) > 2 * 69
    information = "".join(record["data"] for record in sent)
    for at in range(len(SECRET) - 3):
        assert SECRET[at : at + 4].hex() not in information


@pytest.mark.parametrize("door", ["wrapper", "hdlc"])
def test_echoed_password_is_masked(place: Place, door: str) -> None:
    def echo(request: Request) -> list[Say] | None:
        if request.apdu[0] != 0x60 or request.client != 2:
            return None
        return [Say(raw=b"\x00" * 3 + request.apdu)]

    place.meter.script = echo
    with pytest.raises(Exception, match="association"):
        place.head_end(door).associate("reading")
    assert SECRET.hex() not in written(place)


def test_repeated_datagram_is_masked_again(place: Place) -> None:
    lost = [True]
    place.meter.script = lambda request: [] if request.client == 2 and lost and lost.pop() else None
    place.head_end("udp").associate("reading")
    masked = [record for record in read_trace(place.trace_path) if "masked" in record and record["kind"] == "tx"]
    assert len(masked) == 2
    assert SECRET.hex() not in written(place)


class Mute:
    """A transport at which nothing happens."""

    def send(self, data: bytes) -> None:
        """Take octets."""

    def receive(self, deadline: float) -> bytes:
        """Give nothing."""
        return b""

    def now(self) -> float:
        """Stand still."""
        return 0.0

    def close(self) -> None:
        """End."""


@pytest.mark.parametrize(
    ("kind", "octets", "shown"),
    [
        ("apdu_rx", "c401c1000902c1c4", "c401c1000902**c4"),
        ("apdu_tx", "c001c1000902c1c4", "c001c1000902**c4"),
        ("apdu_rx", "c402c100000000c10002c102", "c402c100000000c10002**02"),
        ("tx", "c401c1000902c1c4", "c401**000902**c4"),
    ],
)
def test_short_secret_hides_no_head_of_an_apdu(place: Place, kind: str, octets: str, shown: str) -> None:
    recorder = LineRecorder(place.trace, Mute(), door="door", link=1, secrets=(b"\xc1",))
    recorder.octets(kind, bytes.fromhex(octets))
    (record,) = [one for one in read_trace(place.trace_path) if one["kind"] == kind]
    assert record["data"] == shown
