"""TR-Conf.05a, on HDLC: meters to which damage on the line does what only good frames may do, or far more."""

from collections.abc import Callable
from dataclasses import replace
from random import Random

from reference_meter.codec.hdlc import FLAG, HdlcFrame, check_sequence, decode_frame
from reference_meter.codec.hdlc_parameters import DEFAULT_PARAMETERS, decode_parameters, encode_parameters
from reference_meter.codec.octets import Malformed
from reference_meter.deviations.family import deviation, wrap
from reference_meter.deviations.outage import Outage, on_octets
from reference_meter.meter import Meter
from reference_meter.server.hdlc_connection import Command, HdlcConnection, Mode, command_of
from reference_meter.server.hdlc_link import LINE, HdlcLink
from reference_meter.server.link import ServerLink

__all__ = ["FAMILIES"]

_CLAUSE = "TR-Conf.05a"
_LENGTH_MASK = 0x07FF
_UA = 0x73
_RR = 0x11
"""RR with the final bit and N(R) = 0: no I frame has come so far."""
_CONFIRMS_ONE = 0x20
_CLIENT_OF_TWO = 2
_MORE = {"max_info_transmit": 2030, "max_info_receive": 2030, "window_transmit": 7, "window_receive": 7}
_CONTROL_TO_HCS = 3
"""Octets from the control field to the end of the HCS."""


def _with_right_checks(data: bytes) -> bytes:
    """Make both check sequences of what stands between two flags right, for the addresses of this frame."""
    at = 3
    for _ in range(2):
        while at < len(data) and not data[at] & 1:
            at += 1
        at += 1
    header = data[1 : at + 1]
    information = data[at + _CONTROL_TO_HCS : -3]
    body = header + check_sequence(header) + information if information else header
    return data[:1] + body + check_sequence(body) + data[-1:]


def _damaged(meter: Meter, command: Command, happen: Callable[[HdlcConnection], None]) -> None:
    """Have something happen to a connection at a frame whose FCS is wrong; it is not answered all the same."""

    def changed(link: ServerLink, data: bytes) -> bytes:
        inner = getattr(link, "inner", link)
        if len(data) < 9 or data[0] != FLAG or data[-1] != FLAG or not isinstance(inner, HdlcLink):
            return data
        if check_sequence(data[1:-3]) == data[-3:-1]:
            return data
        try:
            frame: HdlcFrame = decode_frame(data[1:-3] + check_sequence(data[1:-3]))
        except Malformed:
            return data
        sap = inner.addresses.get(frame.destination)
        found = None if sap is None else inner.connections.get((frame.source, sap))
        if found is not None and found.mode is Mode.CONNECTED and command_of(frame) is command:
            meter.fire()
            happen(found)
        return data

    on_octets(meter, "hdlc", changed)


@deviation("damaged-disc-ends-the-link", _CLAUSE, about="DISC with a wrong FCS gets no answer, and ends the link.")
def damaged_disc_ends_the_link(meter: Meter, rng: Random) -> None:
    """No parameter."""
    _damaged(meter, Command.DISC, lambda found: found.reset(Mode.DISCONNECTED, DEFAULT_PARAMETERS))


@deviation(
    "damaged-frame-is-counted", _CLAUSE, about="An I frame with a wrong FCS gets no answer, but counts as taken."
)
def damaged_frame_is_counted(meter: Meter, rng: Random) -> None:
    """No parameter."""

    def counted(found: HdlcConnection) -> None:
        found.next_expected = (found.next_expected + 1) % 8

    _damaged(meter, Command.I, counted)


@deviation("length-not-looked-at", _CLAUSE, about="HDLC frames go from flag to flag, whatever their length field says.")
def length_not_looked_at(meter: Meter, rng: Random) -> None:
    """No parameter."""

    def changed(link: ServerLink, data: bytes) -> bytes:
        length = int.from_bytes(data[1:3], "big") & _LENGTH_MASK
        if len(data) < 9 or data[0] != FLAG or data[-1] != FLAG or length == len(data) - 2:
            return data
        if check_sequence(data[1:-3]) != data[-3:-1] or FLAG in data[1:-1]:
            return data
        meter.fire()
        format_field = int.from_bytes(data[1:3], "big") & ~_LENGTH_MASK | len(data) - 2
        return _with_right_checks(data[:1] + format_field.to_bytes(2, "big") + data[3:])

    on_octets(meter, "hdlc", changed)


@deviation("noise-deafens-the-port", _CLAUSE, about="Octets outside of frames make the port deaf for a while.")
def noise_deafens_the_port(meter: Meter, rng: Random) -> None:
    """Draw for how long, and whether alone or at the end of a frame too."""
    outage, behind = Outage(meter, rng.choice((60.0, 100.0))), rng.random() < 0.5

    def changed(link: ServerLink, data: bytes) -> bytes:
        if FLAG not in data or (behind and data[-1] != FLAG):
            outage.begin()
        return data

    on_octets(meter, "hdlc", changed)


@deviation("unlike-line-deafens-the-port", _CLAUSE, about="Octets at another rate or parity make the port deaf.")
def unlike_line_deafens_the_port(meter: Meter, rng: Random) -> None:
    """Draw whether the rate or the parity does it, and for how long."""
    part, outage = rng.choice((0, 1)), Outage(meter, rng.choice((60.0, 100.0)))

    def changed(link: ServerLink, data: bytes) -> bytes:
        inner = getattr(link, "inner", link)
        if isinstance(inner, HdlcLink) and inner.peer[part] != LINE[part]:
            outage.begin()
        return data

    on_octets(meter, "hdlc", changed)


def _each_agreement(meter: Meter, changed: Callable[[HdlcFrame], HdlcFrame]) -> None:
    """Change the UA frames that name parameters."""
    _each_answer(meter, lambda frame: changed(frame) if frame.control == _UA and frame.information else frame)


def _each_answer(meter: Meter, changed: Callable[[HdlcFrame], HdlcFrame]) -> None:
    """Change the frames that HDLC links send; the same frame for one that stays as it is."""

    def opened(original: Callable[..., ServerLink], door: str, line_now: float) -> ServerLink:
        link = original(door, line_now)
        inner = getattr(link, "inner", link)
        if isinstance(inner, HdlcLink):

            def send_frame(send: Callable[[HdlcFrame, float], None], frame: HdlcFrame, due: float) -> None:
                told = changed(frame)
                if told is not frame:
                    meter.fire()
                send(told, due)

            wrap(inner, "send_frame", send_frame)
        return link

    wrap(meter, "open", opened)


@deviation("agrees-on-more-than-proposed", _CLAUSE, about="UA names more octets, or a larger window, than proposed.")
def agrees_on_more(meter: Meter, rng: Random) -> None:
    """Draw of what: information or window, in which direction."""
    field = rng.choice(("max_info_transmit", "max_info_receive", "window_transmit", "window_receive"))

    def changed(frame: HdlcFrame) -> HdlcFrame:
        told = decode_parameters(frame.information)
        more = replace(told, **{field: _MORE[field]})
        return frame if told == more else replace(frame, information=encode_parameters(more))

    _each_agreement(meter, changed)


@deviation("agreement-that-cannot-be-read", _CLAUSE, about="UA carries parameters of a form or value that cannot be.")
def agreement_unreadable(meter: Meter, rng: Random) -> None:
    """Draw how: another group, or a length that is wrong."""
    exchanged = rng.random() < 0.5

    def changed(frame: HdlcFrame) -> HdlcFrame:
        group, length, items = frame.information[:2], frame.information[2:3], frame.information[3:]
        said = group[::-1] + length + items if exchanged else group + b"\x20" + items
        return replace(frame, information=said)

    _each_agreement(meter, changed)


@deviation("frame-confirmed-that-was-not-sent", _CLAUSE, about="RR on a new link confirms an I frame that nobody sent.")
def frame_confirmed_that_was_not_sent(meter: Meter, rng: Random) -> None:
    """No parameter."""
    _each_answer(meter, lambda frame: replace(frame, control=_RR | _CONFIRMS_ONE) if frame.control == _RR else frame)


@deviation("two-octet-client-answered", _CLAUSE, about="A client address of two octets is taken for its first octet.")
def two_octet_client_answered(meter: Meter, rng: Random) -> None:
    """No parameter."""

    def opened(original: Callable[..., ServerLink], door: str, line_now: float) -> ServerLink:
        link = original(door, line_now)
        inner = getattr(link, "inner", link)
        if isinstance(inner, HdlcLink):

            def taken(receive: Callable[[HdlcFrame, float], None], frame: HdlcFrame, now: float) -> None:
                if len(frame.source) == _CLIENT_OF_TWO:
                    meter.fire()
                    frame = replace(frame, source=bytes((frame.source[0] | 1,)))
                receive(frame, now)

            wrap(inner, "receive_frame", taken)
        return link

    wrap(meter, "open", opened)


FAMILIES = (
    agrees_on_more,
    agreement_unreadable,
    frame_confirmed_that_was_not_sent,
    two_octet_client_answered,
    damaged_disc_ends_the_link,
    damaged_frame_is_counted,
    length_not_looked_at,
    noise_deafens_the_port,
    unlike_line_deafens_the_port,
)
