"""Reactions that are no answer: what is missing is raised, and an answer is left to the judgement."""

import pytest

from harness.errors import ConnectionLost, DeviceError, ProtocolViolation, Silent
from harness.headend.stimuli.bare_link import BareLink, Reaction, control_octet
from harness.headend.stimuli.provoke import Provoked
from harness.headend.stimuli.stimulus import raise_if_missing
from harness.protocol.hdlc import Control, Frame, FrameKind


def _provoked(name: str) -> Provoked:
    return Provoked(name=name, description=f"it was {name}", frame=7)


@pytest.mark.parametrize(
    ("name", "error"), [("silence", Silent), ("closed", ConnectionLost), ("malformed", ProtocolViolation)]
)
def test_what_is_no_answer_is_raised_unless_it_is_accepted(name: str, error: type[DeviceError]) -> None:
    with pytest.raises(error, match=f"it was {name}"):
        raise_if_missing(_provoked(name))
    raise_if_missing(_provoked(name), (name,))


@pytest.mark.parametrize("name", ["dar:4", "dm", "exception:1/2"])
def test_an_answer_is_not_raised(name: str) -> None:
    raise_if_missing(_provoked(name))


class _ScriptedLink(BareLink):
    """A link without a line, whose device sends these frames."""

    def __init__(self, *kinds: FrameKind) -> None:
        self.server, self.client = b"\x03", b"\x21"
        self._script = list(kinds)

    def send(self, octets: bytes, description: str) -> None:
        """Nothing leaves."""

    def wait(self, *, strict: bool = False) -> Reaction | None:
        """Return the next frame of the script."""
        kind = self._script.pop(0)
        frame = Frame(destination=self.client, source=self.server, control=control_octet(kind))
        return Reaction(control=Control.from_octet(frame.control), frame=frame, number=1)


def test_a_late_receive_ready_before_ua_does_not_spoil_the_set_up() -> None:
    _ScriptedLink(FrameKind.RR, FrameKind.UA).connect()
    with pytest.raises(ProtocolViolation):
        _ScriptedLink(FrameKind.RR, FrameKind.RR).connect()
    with pytest.raises(ProtocolViolation):
        _ScriptedLink(FrameKind.DM).connect()
