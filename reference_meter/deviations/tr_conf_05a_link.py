"""TR-Conf.05, first sentence, on HDLC: frames that are answered though they must not be, and rejections missing."""

from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any

from reference_meter.codec.hdlc import FLAG, HdlcFrame, check_sequence
from reference_meter.deviations.family import deviation, wrap
from reference_meter.meter import Meter
from reference_meter.server.hdlc_connection import HdlcConnection, Mode
from reference_meter.server.hdlc_link import HdlcLink
from reference_meter.server.link import ServerLink

__all__ = ["FAMILIES"]

_CLAUSE = "TR-Conf.05a"
_POLL = 0x10
_FRMR = 0x87
_UA = 0x63
_CONTROL_INVALID, _INFO_TOO_LONG, _NUMBER_INVALID = 0x01, 0x04, 0x08
_LARGEST_INFO_OCTETS = 2030
_FORMAT_OCTETS = 2

Receive = Callable[[bytes, float], None]
Take = Callable[[HdlcFrame], list[HdlcFrame]]


def _each_link(meter: Meter, adapt: Callable[[HdlcLink], None]) -> None:
    """Adapt every HDLC link when it begins."""

    def make_link(original: Callable[[str], ServerLink], door: str) -> ServerLink:
        link = original(door)
        if isinstance(link, HdlcLink):
            adapt(link)
        return link

    wrap(meter, "make_link", make_link)


def _each_connection(meter: Meter, adapt: Callable[[HdlcConnection], None]) -> None:
    """Adapt every HDLC connection when its first frame comes."""

    def adapted(link: HdlcLink) -> None:
        def connection(
            original: Callable[[int, HdlcFrame], HdlcConnection], sap: int, frame: HdlcFrame
        ) -> HdlcConnection:
            known = len(link.connections)
            found = original(sap, frame)
            if len(link.connections) > known:
                adapt(found)
            return found

        wrap(link, "connection", connection)

    _each_link(meter, adapted)


@deviation("association-outlives-link", "SU3.step1", about="After SNRM, or DISC, the association is still there.")
def association_outlives_link(meter: Meter, rng: Random) -> None:
    """Draw which of the two leaves it."""
    outlives_disc = rng.choice((True, False))

    def adapt(connection: HdlcConnection) -> None:
        associations = connection.server.associations

        def keep(original: Callable[..., list[HdlcFrame]], *frame: HdlcFrame) -> list[HdlcFrame]:
            standing = associations.open.get(connection.key)
            answers = original(*frame)
            if standing is not None:
                meter.fire()
                associations.open[connection.key] = standing
            return answers

        def connect(original: Take, frame: HdlcFrame) -> list[HdlcFrame]:
            over_link = connection.mode is Mode.CONNECTED
            return keep(original, frame) if over_link != outlives_disc else original(frame)

        wrap(connection, "connect", connect)
        if outlives_disc:
            wrap(connection, "disconnect", keep)

    _each_connection(meter, adapt)


@deviation("frame-with-wrong-fcs-answered", _CLAUSE, about="A frame with a wrong FCS is taken for a good one.")
def wrong_fcs_answered(meter: Meter, rng: Random) -> None:
    """No parameter."""
    _mend(meter, _with_good_fcs)


@deviation("frame-with-wrong-hcs-answered", _CLAUSE, about="A frame with a wrong HCS is taken for a good one.")
def wrong_hcs_answered(meter: Meter, rng: Random) -> None:
    """No parameter."""
    _mend(meter, _with_good_hcs)


def _mend(meter: Meter, mended: Callable[[bytes], bytes]) -> None:
    """Have HDLC links take ``mended`` octets in place of those that come."""

    def adapt(link: HdlcLink) -> None:
        def receive(original: Receive, data: bytes, line_now: float) -> None:
            taken = mended(data)
            if taken != data:
                meter.fire()
            original(taken, line_now)

        wrap(link, "receive", receive)

    _each_link(meter, adapt)


def _is_whole(data: bytes) -> bool:
    """Whether these octets are one frame by flags and length."""
    if len(data) < 9 or data[0] != FLAG or data[-1] != FLAG:
        return False
    return (data[1] << 8 | data[2]) & 0x7FF == len(data) - 2


def _with_good_fcs(data: bytes) -> bytes:
    return data[:-3] + check_sequence(data[1:-3]) + data[-1:] if _is_whole(data) else data


def _with_good_hcs(data: bytes) -> bytes:
    if not _is_whole(data) or check_sequence(data[1:-3]) != data[-3:-1]:
        return data
    at = 1 + _FORMAT_OCTETS
    for _ in range(2):
        while not data[at] & 1:
            at += 1
        at += 1
    at += 1
    if at + 2 >= len(data) - 3:
        return data
    body = data[1:at] + check_sequence(data[1:at]) + data[at + 2 : -3]
    return data[:1] + body + check_sequence(body) + data[-1:]


@deviation("strayed-frame-answered", _CLAUSE, about="A frame to a logical device that does not exist is answered.")
def strayed_frame_answered(meter: Meter, rng: Random) -> None:
    """No parameter."""

    def adapt(link: HdlcLink) -> None:
        def receive_frame(original: Callable[[HdlcFrame, float], None], frame: HdlcFrame, line_now: float) -> None:
            if frame.destination not in link.addresses and frame.destination not in link.all_station_addresses:
                meter.fire()
                frame = replace(frame, destination=next(iter(link.addresses)))
            original(frame, line_now)

        wrap(link, "receive_frame", receive_frame)

    _each_link(meter, adapt)


@deviation("idle-link-never-ends", _CLAUSE, about="The link goes on after the inactivity time-out.")
def idle_link_never_ends(meter: Meter, rng: Random) -> None:
    """No parameter."""

    def adapt(link: HdlcLink) -> None:
        def inactivity_due(
            original: Callable[[HdlcConnection], float | None], connection: HdlcConnection
        ) -> float | None:
            return None

        def receive(original: Receive, data: bytes, line_now: float) -> None:
            timeout_s = link.settings.hdlc.inactivity_timeout_s
            if any(line_now - one.last_heard >= timeout_s for one in link.connections.values()):
                meter.fire()
            original(data, line_now)

        wrap(link, "inactivity_due", inactivity_due)
        wrap(link, "receive", receive)

    _each_link(meter, adapt)


@deviation("frame-not-rejected", _CLAUSE, about="One kind of frame that the link cannot take is not rejected.")
def frame_not_rejected(meter: Meter, rng: Random) -> None:
    """Draw the kind; one that is too long is taken, a control field that does not exist gets nothing."""
    reason = rng.choice((_CONTROL_INVALID, _INFO_TOO_LONG, _NUMBER_INVALID))

    def adapt(connection: HdlcConnection) -> None:
        def reject(original: Callable[[HdlcFrame, int], Any], frame: HdlcFrame, why: int) -> Any:
            if why != reason:
                return original(frame, why)
            meter.fire()
            return [] if reason == _CONTROL_INVALID else _taken(connection, frame)

        wrap(connection, "reject", reject)

    _each_connection(meter, adapt)


def _taken(connection: HdlcConnection, frame: HdlcFrame) -> list[HdlcFrame]:
    """Serve the frame as if nothing were wrong with it."""
    apdu = frame.information[3:]
    connection.next_expected = (connection.next_expected + 1) % 8
    connection.window.queue(connection.server.exchange(connection.key, apdu))
    return connection.respond(frame)


@deviation("number-not-looked-at", _CLAUSE, about="An information frame is taken whatever its send number is.")
def number_not_looked_at(meter: Meter, rng: Random) -> None:
    """No parameter."""

    def adapt(connection: HdlcConnection) -> None:
        def take_information(original: Take, frame: HdlcFrame) -> list[HdlcFrame]:
            if frame.control >> 1 & 7 != connection.next_expected:
                meter.fire()
                frame = replace(frame, control=frame.control & ~0x0E | connection.next_expected << 1)
            return original(frame)

        wrap(connection, "take_information", take_information)

    _each_connection(meter, adapt)


@deviation(
    "disconnected-link-rejects", _CLAUSE, about="A link that is not set up answers an information frame by FRMR."
)
def disconnected_link_rejects(meter: Meter, rng: Random) -> None:
    """No parameter."""

    def adapt(connection: HdlcConnection) -> None:
        def receive(original: Take, frame: HdlcFrame) -> list[HdlcFrame]:
            if connection.mode is not Mode.DISCONNECTED or frame.control & 1 or not frame.control & _POLL:
                return original(frame)
            meter.fire()
            return [connection.reply(_FRMR)]

        wrap(connection, "receive", receive)

    _each_connection(meter, adapt)


@deviation("rejecting-link-stays-so", _CLAUSE, about="A link that has rejected a frame cannot be set up again.")
def rejecting_link_stays_so(meter: Meter, rng: Random) -> None:
    """No parameter."""

    def adapt(connection: HdlcConnection) -> None:
        def connect(original: Take, frame: HdlcFrame) -> list[HdlcFrame]:
            if connection.mode is not Mode.REJECTING:
                return original(frame)
            meter.fire()
            return []

        wrap(connection, "connect", connect)

    _each_connection(meter, adapt)


@deviation("link-outlives-disc", _CLAUSE, about="DISC is answered as it should be, and the link goes on all the same.")
def link_outlives_disc(meter: Meter, rng: Random) -> None:
    """No parameter."""

    def adapt(connection: HdlcConnection) -> None:
        def disconnect(original: Callable[[], list[HdlcFrame]]) -> list[HdlcFrame]:
            if connection.mode is not Mode.CONNECTED:
                return original()
            meter.fire()
            return [connection.reply(_UA)]

        wrap(connection, "disconnect", disconnect)

    _each_connection(meter, adapt)


FAMILIES = (
    wrong_fcs_answered,
    wrong_hcs_answered,
    strayed_frame_answered,
    idle_link_never_ends,
    frame_not_rejected,
    number_not_looked_at,
    disconnected_link_rejects,
    rejecting_link_stays_so,
    link_outlives_disc,
    association_outlives_link,
)
