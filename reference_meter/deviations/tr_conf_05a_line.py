"""TR-Conf.05a, on HDLC: meters to which damage on the line does what only good frames may do, or far more."""

from collections.abc import Callable
from random import Random

from reference_meter.codec.hdlc import FLAG, HdlcFrame, check_sequence, decode_frame
from reference_meter.codec.hdlc_parameters import DEFAULT_PARAMETERS
from reference_meter.codec.octets import Malformed
from reference_meter.deviations.family import deviation
from reference_meter.deviations.outage import Outage, on_octets
from reference_meter.meter import Meter
from reference_meter.server.hdlc_connection import Command, HdlcConnection, Mode, command_of
from reference_meter.server.hdlc_link import LINE, HdlcLink
from reference_meter.server.link import ServerLink

__all__ = ["FAMILIES"]

_CLAUSE = "TR-Conf.05a"
_LENGTH_MASK = 0x07FF
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


FAMILIES = (
    damaged_disc_ends_the_link,
    damaged_frame_is_counted,
    length_not_looked_at,
    noise_deafens_the_port,
    unlike_line_deafens_the_port,
)
