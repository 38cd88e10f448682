"""Requests that must get no answer, and the good requests after them that show that the association lives.

Silence is: no ACSE or xDLMS answer for as long as the door's timing says, on HDLC also after the device was asked by
RR; then a good request in the same association, with another invoke-id, is answered, and so is one more. What comes
to the old invoke-id meanwhile is a late answer, which is none the less an answer.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from harness.declaration import CosemObject
from harness.errors import ConnectionLost, DeviceError, Garbled, Inconclusive, ProtocolViolation, Refused, Silent
from harness.headend.client import Client, item
from harness.headend.head_end import HeadEnd
from harness.headend.stimuli.provoke import Provoked, provoke
from harness.headend.stimuli.wrong_ciphering import Intruder, Sent
from harness.protocol import apdu as xdlms
from harness.session import Conversation, LinkEnded, Received, answer_name
from harness.session.conversation import Protect

__all__ = ["ENDED", "LateAnswer", "Strike", "Target", "strike"]

ENDED = frozenset({"closed", "dm", "frmr"})
"""Reactions that end the connection."""
_INVOKE_ID = 0x0F
_VALUE = 2


class LateAnswer(DeviceError):
    """An answer to a request that had been met with silence; ``frame`` shows it."""

    def __init__(self, message: str, frame: int) -> None:
        super().__init__(message)
        self.frame = frame


@dataclass(frozen=True, slots=True, kw_only=True)
class Strike:
    """What came of one stimulus."""

    provoked: Provoked
    waited_s: float
    """How long silence was waited for, at least."""

    def describe(self) -> str:
        """Return what the verdict's reason says about it."""
        came = "nothing came" if self.provoked.name == "silence" else f"{self.provoked.name} came"
        return f"expected silence for {self.waited_s:.1f} s, {came}"


class Target:
    """One ciphered client under attack: good requests, kept for a replay, and wrong ones."""

    def __init__(self, head_end: HeadEnd, client: Client, *, probe: CosemObject, is_hdlc: bool) -> None:
        self.client = client
        self.intruder = Intruder.of(client)
        self._head_end = head_end
        self._probe = item(probe, _VALUE)
        self._is_hdlc = is_hdlc

    @property
    def general_protection(self) -> bool:
        """Whether the association has negotiated general protection."""
        return bool(self.client.association.negotiated.conformance & xdlms.Conformance.GENERAL_PROTECTION)

    def request(self) -> tuple[bytes, int]:
        """Return the octets of a plain GET of the probe, with an invoke octet of its own."""
        invoke = self.client.services.next_invoke()
        attribute, selection = self._probe
        request = xdlms.GetRequestNormal(invoke=invoke, attribute=attribute, selection=selection)
        return request.to_bytes(), invoke

    def good(self) -> Received:
        """Ask for the probe, well ciphered; any data-access-result is an answer.

        Raises what is wrong: ``LateAnswer`` for an answer to another request, ``Refused`` for an exception.
        """
        apdu, invoke = self.request()
        received = self.client.conversation.exchange(apdu, protect=self.intruder.rightly)
        answered: int | None = getattr(received.answer, "invoke", None)
        if answered is None:
            name = answer_name(received.answer)
            raise Refused(f"a good request is answered by {received.answer.describe()}", name)
        if answered & _INVOKE_ID != invoke & _INVOKE_ID:
            raise LateAnswer(
                f"an answer with invoke-id {answered & _INVOKE_ID} came late, behind a good request with "
                f"invoke-id {invoke & _INVOKE_ID}",
                received.frame,
            )
        return received

    def begin(self) -> None:
        """Make the first good request; raises ``NonConformity`` where it is not answered soundly twice."""
        self._head_end.judge.judged("a good request in a ciphered association", self.good, self._anew, self._frame)

    def _anew(self) -> Received:
        self.client.establish_unjudged()
        self.intruder = Intruder.of(self.client)
        return self.good()

    def strike(self, protect: Protect, apdu: bytes | None = None) -> Strike:
        """Send a request, by default that of the probe, in a protection of its own, and see what comes."""
        if apdu is None:
            apdu, _ = self.request()
        return strike(self.client.conversation, apdu, protect, is_hdlc=self._is_hdlc)

    def repeat(self, sent: Sent) -> Strike:
        """Send the octets of a request once more, in a frame of their own."""
        return self.strike(sent.again, sent.plain)

    def goes_on(self, strike_again: Callable[[], Strike]) -> float:
        """Make two good requests behind a stimulus; return how long the first took in seconds.

        Where one is not answered, all of it is tried once more in a new association, as the head end's judge does.
        Raises ``NonConformity`` and ``Inconclusive``; ``LateAnswer`` at once.
        """

        def again() -> float:
            self._anew()
            strike_again()
            return self._two_good()

        return self._head_end.judge.judged(
            "a good request in the same association behind a wrongly ciphered one", self._two_good, again, self._frame
        )

    def _two_good(self) -> float:
        took_s = self.good().took_s
        self.good()
        return took_s

    def _frame(self) -> int:
        return self._head_end.last_record

    def associate_again(self) -> None:
        """Associate once more, where the device was allowed to close the connection."""
        try:
            self.client.establish_unjudged()
        except (Silent, ConnectionLost, ProtocolViolation) as error:
            raise Inconclusive(f"no new association after a closed connection: {error}", missing="device") from error
        self.intruder = Intruder.of(self.client)


def strike(conversation: Conversation, apdu: bytes, protect: Protect | None, *, is_hdlc: bool) -> Strike:
    """Send ``apdu`` once and see what comes, on HDLC also when the device is asked by RR."""
    waited_s = conversation.timing.silence_s
    provoked = provoke(conversation, apdu, repeat=False, protect=protect)
    if provoked.name == "silence" and is_hdlc:
        # The device may not speak unless it is asked: without a poll there would always be silence.
        provoked = _overheard(conversation, provoked)
    return Strike(provoked=provoked, waited_s=waited_s)


def _overheard(conversation: Conversation, silence: Provoked) -> Provoked:
    try:
        received = conversation.overhear()
    except LinkEnded as ended:
        return replace(silence, name=ended.by.lower(), description=str(ended), frame=conversation.frame)
    except ConnectionLost as lost:
        return replace(silence, name="closed", description=str(lost), frame=conversation.frame)
    except Garbled as garbled:
        return replace(silence, name="garbled", description=str(garbled), frame=conversation.frame)
    except ProtocolViolation as violation:
        return replace(silence, name="malformed", description=str(violation), frame=conversation.frame)
    if received is None:
        return silence
    return Provoked(
        name=answer_name(received.answer),
        description=received.answer.describe(),
        frame=received.frame,
        received=received,
    )
