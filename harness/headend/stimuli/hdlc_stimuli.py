"""Frames that an HDLC link must refuse or pass over, each after a good beginning, and whether the link goes on."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from harness.declaration import AssociationDeclaration
from harness.errors import ConnectionLost, Inconclusive, NotApplicable, ProtocolViolation
from harness.headend.head_end import HeadEnd
from harness.headend.stimuli.bare_link import BareLink, control_octet, with_wrong_fcs
from harness.headend.stimuli.line_damage import LINE_DAMAGE
from harness.headend.stimuli.provoke import Provoked
from harness.headend.stimuli.stimulus import Attempt
from harness.protocol import hdlc
from harness.protocol.hdlc import FrameKind

__all__ = ["LINK_STIMULI", "link_attempt", "whole_life"]

_UNKNOWN_CONTROL: Final = 0xFF
_FORMAT_OCTETS: Final = 2
_UNKNOWN_UPPER: Final = (0x55, 0x53, 0x51)
_DAMAGED: Final = "damaged"
_ATTEMPTS: Final[Mapping[str, int]] = {"going on": 1, _DAMAGED: 3}
_ADDED_PATIENCE: Final = 1.1
_LONGEST_REAL_WAIT_S: Final = 900.0

_Stimulus = Callable[[BareLink], Provoked]


def _unknown_control(link: BareLink) -> Provoked:
    return link.provoke(link.frame(_UNKNOWN_CONTROL), "a frame with control octet FF")


def _too_long(link: BareLink) -> Provoked:
    room = link.agreed.max_information_receive
    information = (link.information() + bytes(room))[: room + 1]
    frame = link.frame(control_octet(FrameKind.I), information)
    # RR that still asks for frame 0 says that this one was passed over.
    return link.provoke(frame, f"I with {len(information)} octets where {room} are taken", expected=(0,))


def _wrong_send_number(link: BareLink) -> Provoked:
    frame = link.frame(control_octet(FrameKind.I, send=3), link.information())
    return link.provoke(frame, "I with N(S)=3 where 0 is due", expected=(0,))


def _wrong_receive_number(link: BareLink) -> Provoked:
    frame = link.frame(control_octet(FrameKind.I, receive=5), link.information())
    return link.provoke(frame, "I with N(R)=5 where 0 is due", expected=(0, 1))


def _before_snrm(link: BareLink) -> Provoked:
    return link.provoke(link.frame(control_octet(FrameKind.I), link.information()), "I before SNRM")


def _after_disc(link: BareLink) -> Provoked:
    link.connect()
    link.disconnect()
    return link.provoke(link.frame(control_octet(FrameKind.I), link.information()), "I behind DISC")


def _wrong_fcs(link: BareLink) -> Provoked:
    return link.provoke(with_wrong_fcs(link.frame(control_octet(FrameKind.RR))), "RR with a wrong FCS")


def _wrong_fcs_of_information(link: BareLink) -> Provoked:
    frame = link.frame(control_octet(FrameKind.I), link.information())
    return link.provoke(with_wrong_fcs(frame), "I with a wrong FCS")


def _wrong_hcs(link: BareLink) -> Provoked:
    frame = bytearray(link.frame(control_octet(FrameKind.I), link.information()))
    header_ends = 1 + _FORMAT_OCTETS + len(link.server) + len(link.client) + 1
    frame[header_ends] ^= 0x01
    frame[-3:-1] = hdlc.check_sequence(bytes(frame[1:-3]))
    return link.provoke(bytes(frame), "I with a wrong HCS")


def _no_closing_flag(link: BareLink) -> Provoked:
    return link.provoke(link.frame(control_octet(FrameKind.RR))[:-1], "RR without its closing flag")


def _too_short(link: BareLink) -> Provoked:
    content = bytes((0xA0, 0x00)) + link.server + link.client
    content = content[:1] + bytes((len(content) + 2,)) + content[2:]
    octets = b"\x7e" + content + hdlc.check_sequence(content) + b"\x7e"
    return link.provoke(octets, "a frame without control octet")


def _three_octet_server(link: BareLink) -> Provoked:
    frame = link.frame(control_octet(FrameKind.SNRM), server=b"\x00\x02\x03")
    return link.provoke(frame, "SNRM to a server address of three octets")


def _two_octet_client(link: BareLink) -> Provoked:
    frame = link.frame(control_octet(FrameKind.SNRM), client=b"\x00" + link.client)
    return link.provoke(frame, "SNRM from a client address of two octets")


def _unknown_server(link: BareLink) -> Provoked:
    known = hdlc.ServerAddress.from_bytes(link.server)
    upper = next(upper for upper in _UNKNOWN_UPPER if upper != known.upper)
    other = hdlc.ServerAddress(upper=upper, lower=known.lower, octets=known.octets).to_bytes()
    return link.provoke(link.frame(control_octet(FrameKind.SNRM), server=other), f"SNRM to logical device {upper}")


LINK_STIMULI: Final[Mapping[str, tuple[_Stimulus, str]]] = {
    "control-unknown": (_unknown_control, "connected"),
    "information-too-long": (_too_long, "connected"),
    "send-number": (_wrong_send_number, "connected"),
    "receive-number": (_wrong_receive_number, "connected"),
    "before-snrm": (_before_snrm, "disconnected"),
    "after-disc": (_after_disc, "disconnected"),
    "fcs": (_wrong_fcs, "going on"),
    "fcs-of-information": (_wrong_fcs_of_information, "going on"),
    "hcs": (_wrong_hcs, "going on"),
    "no-closing-flag": (_no_closing_flag, "going on"),
    "too-short": (_too_short, "going on"),
    "server-address-of-3": (_three_octet_server, "disconnected"),
    "client-address-of-2": (_two_octet_client, "disconnected"),
    "server-unknown": (_unknown_server, "disconnected"),
    **{name: (stimulus, _DAMAGED) for name, stimulus in LINE_DAMAGE.items()},
}
"""What is wrong -> how it is sent, and in which state of the link.

"going on": the same link answers afterwards; "damaged": so it does when asked for the third time at the latest, as a
frame may be lost that ends an unfinished one.
"""


def link_attempt(name: str, head_end: HeadEnd, declared: AssociationDeclaration) -> Attempt:
    """Return the attempt to send a stimulus of the table; afterwards the link must go on, or come back anew.

    ``ValueError`` for a name that is not in the table.
    """
    if name == "inactive":
        return lambda: _after_inactivity(head_end, declared)
    if name not in LINK_STIMULI:
        raise ValueError(f"unknown stimulus {name!r}; known are inactive, {', '.join(LINK_STIMULI)}")
    stimulus, state = LINK_STIMULI[name]

    def attempt() -> Provoked:
        link = BareLink(head_end, declared)
        try:
            if state == "disconnected":
                link.disconnect()
            else:
                _set_up(link)
            provoked = stimulus(link)
            if state == _DAMAGED and provoked.name.startswith("rr with"):
                # RR was sent together with what disturbs it, and has its answer already.
                _compare_undisturbed(link, name, provoked.name)
                return replace(provoked, name="rr")
            attempts = _ATTEMPTS.get(state, 0) if provoked.name in ("silence", "rr") else 0
            if attempts and (now := link.answer_to_ready(attempts)) != "rr":
                _compare_undisturbed(link, name, now)
            if not link.comes_back():
                raise ProtocolViolation(f"the link cannot be set up anew after {name}: {provoked.description}")
            return provoked
        finally:
            link.close()

    return attempt


def _compare_undisturbed(link: BareLink, name: str, now: str) -> None:
    """Raise ``ProtocolViolation`` unless the link answers RR alike when set up anew: what was sent changed nothing."""
    undisturbed = "nothing" if not link.comes_back() else link.answer_to_ready()
    if now != undisturbed or now == "silence":
        raise ProtocolViolation(f"{now} to a right RR after {name}, where {undisturbed} comes on a link set up anew")


def _set_up(link: BareLink) -> None:
    """Set the link up; of frames on a link whose UA breaks the rules nothing can be said."""
    try:
        link.connect()
    except ProtocolViolation as violation:
        raise Inconclusive(f"basis: the link is not set up: {violation}", missing="device") from violation


def _after_inactivity(head_end: HeadEnd, declared: AssociationDeclaration) -> Provoked:
    timeout_s = head_end.timing.inactivity_timeout_s
    if not timeout_s:
        raise NotApplicable("the device never ends an idle link", item="doors.timing.inactivity_timeout_s")
    if timeout_s > _LONGEST_REAL_WAIT_S and not head_end.door.is_virtual:
        raise Inconclusive(f"an inactivity time-out of {timeout_s:.0f} s is not waited for", missing="bench")
    link = BareLink(head_end, declared)
    try:
        link.connect()
        link.pass_time(timeout_s * _ADDED_PATIENCE)
        try:
            provoked = link.provoke(link.frame(control_octet(FrameKind.RR)), "RR after the inactivity time-out")
        except ConnectionLost as lost:
            raise _ends_when_idle(str(lost)) from lost
        if provoked.name == "closed":
            raise _ends_when_idle(provoked.description)
        return provoked
    finally:
        link.close()


def _ends_when_idle(what: str) -> NotApplicable:
    return NotApplicable(f"the device ends the connection together with the idle link: {what}", item="connections")


def whole_life(head_end: HeadEnd, declared: AssociationDeclaration) -> tuple[str, ...]:
    """Set a link up, send RR and disconnect; return the names of the three answers, RR with another N(R) than 0 apart.

    Raises ``ProtocolViolation`` where what comes to SNRM is no UA, or one with parameters that cannot be.
    """
    link = BareLink(head_end, declared)
    try:
        link.connect()
        ready = link.answer_to_ready()
        return ("ua", ready, link.provoke(link.frame(control_octet(FrameKind.DISC)), "DISC").name)
    finally:
        link.close()
