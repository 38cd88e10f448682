"""The M-Bus master: link, selection, readings and commands at one door, all of it in the trace."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Final

from harness.declaration.door_mbus import MBusParameters
from harness.errors import ConnectionLost, Garbled, LineDamaged, PortGone, ProtocolViolation, Silent
from harness.headend.door_side import PlacedAt
from harness.headend.judged import Judge
from harness.headend.mbus.bus_line import BusLine
from harness.headend.mbus.reading import Reading
from harness.headend.restoring.key_record import KeyRecord
from harness.protocol import mbus
from harness.session.recall import recalled

__all__ = ["MBusMaster"]

_MOST_TELEGRAMS: Final = 64
_RESTS_S: Final = (0.5, 2.0, 5.0)


class MBusMaster(BusLine):
    """Speaks to the declared slave; a request that nobody answers is repeated with the same frame count bit."""

    def __init__(self, place: PlacedAt) -> None:
        if place.door.mbus is None:
            raise ValueError(f"door {place.door.id} has no table mbus")
        super().__init__(place)
        self.settings: MBusParameters = place.door.mbus
        self.clause = place.clause
        self.judge = Judge(self)
        self._key = None if self.settings.encryption_key is None else self.settings.encryption_key.reveal()
        self._key_record = KeyRecord(place.trace, place.declared_secrets)
        self.count_bit = mbus.FrameCountBit()
        self._failure = ""

    def use_key(self, key: bytes) -> None:
        """Decipher with another key than the declared one."""
        self._key = key

    # Who is meant

    @property
    def address(self) -> int:
        """Where requests go: the primary address, or that of the slave that was selected."""
        return mbus.SELECTED_SLAVE if self.settings.primary is None else self.settings.primary

    @property
    def secondary(self) -> mbus.SecondaryAddress:
        """Who the slave is as far as that is declared; the rest is left open."""
        declared = self.settings
        return mbus.SecondaryAddress(
            identification=declared.identification or "F" * 8,
            manufacturer=declared.manufacturer,
            version=declared.version,
            medium=declared.medium,
        )

    # Requests

    def reset_link(self) -> None:
        """Send SND_NKE, after selecting the slave where it has no primary address; the frame count begins again."""
        frame, about = self.opening()
        self._acknowledged(frame, about)
        self.count_bit.reset()

    def opening(self) -> tuple[mbus.Frame, str]:
        """Return what begins a conversation with the slave, and what it is."""
        if self.settings.primary is not None:
            return mbus.ShortFrame(control=mbus.Control.SND_NKE, address=self.address), "SND_NKE"
        return self.selection(self.secondary), f"selection of {self.secondary}"

    @staticmethod
    def selection(wanted: mbus.SecondaryAddress) -> mbus.LongFrame:
        """Return the frame that selects by secondary address."""
        return mbus.LongFrame(
            control=mbus.Control.SND_UD,
            address=mbus.SELECTED_SLAVE,
            information=mbus.Information.SELECT,
            data=wanted.to_bytes(),
        )

    def select(self, wanted: mbus.SecondaryAddress) -> None:
        """Select a slave by its secondary address; raises ``Silent`` where there is none."""
        self._acknowledged(self.selection(wanted), f"selection of {wanted}")

    def command(self, information: int, data: bytes = b"", about: str = "") -> None:
        """Send user data and have it acknowledged."""
        frame = mbus.LongFrame(
            control=self.count_bit.in_control(mbus.Control.SND_UD),
            address=self.address,
            information=information,
            data=data,
        )
        self._acknowledged(frame, about or f"SND_UD {information:#04x}")
        self.count_bit.accepted()

    def request(self) -> tuple[mbus.Telegram | mbus.ApplicationError, bytes]:
        """Ask for the next telegram; returns it, and its octets."""
        answer = self.answer(self.next_request(), "REQ_UD2")
        self.count_bit.accepted()
        self.timing.has_been_sound = True
        return self.telegram(answer), answer.to_bytes()

    def next_request(self) -> mbus.ShortFrame:
        """The request for the next telegram."""
        return mbus.ShortFrame(control=self.count_bit.in_control(mbus.Control.REQ_UD2), address=self.address)

    def telegram(self, answer: mbus.Frame) -> mbus.Telegram | mbus.ApplicationError:
        """Decode what answers a request for data; ProtocolViolation for another frame, or of another slave."""
        if not isinstance(answer, mbus.LongFrame) or answer.control & ~0x30 != mbus.Control.RSP_UD:
            raise ProtocolViolation(f"REQ_UD2 is answered with {answer.to_bytes().hex(' ')}")
        primary = self.settings.primary
        if primary is not None and answer.address != primary:
            raise ProtocolViolation(f"slave {primary} was asked, slave {answer.address} answers")
        found = mbus.telegram_of(
            answer,
            key=self._key,
            address=self.secondary,
            deciphering=partial(recalled, self._key_record, "deciphered telegram"),
        )
        named = found.header.address if isinstance(found, mbus.Telegram) else None
        if named is not None and not self.secondary.matches(named):
            raise ProtocolViolation(f"{self.secondary} was asked, {named} answers")
        return found

    def read(self) -> Reading:
        """Reset the link and fetch a whole reading; raises ``ProtocolViolation`` for what does not decode.

        Where nobody knows which telegram is next, what is left of the reading before goes first.
        """
        self.reset_link()
        if not self.at_begin:
            self.read_on()
        return self.read_on()

    def read_on(self) -> Reading:
        """Fetch a whole reading with requests that follow those before; an application error that stands is passed."""
        telegrams: list[mbus.Telegram] = []
        octets: list[bytes] = []
        for _ in range(_MOST_TELEGRAMS):
            found, came = self.request()
            octets.append(came)
            if isinstance(found, mbus.ApplicationError):
                continue
            telegrams.append(found)
            if not found.content.more_follows:
                self.at_begin = True
                return Reading(
                    telegrams=tuple(telegrams), octets=tuple(octets), settings=self.settings, frame=self.last_record
                )
        raise ProtocolViolation(f"a reading does not end within {_MOST_TELEGRAMS} telegrams")

    def judged_read(self) -> Reading:
        """Fetch a whole reading; what is missing or damaged is judged between good exchanges."""
        return self.judge.judged("a reading over M-Bus", self.read, self.read, lambda: self.last_record)

    def _acknowledged(self, frame: mbus.Frame, about: str) -> None:
        answer = self.answer(frame, about)
        if not isinstance(answer, mbus.SingleCharacter):
            raise ProtocolViolation(f"{about} is answered with {answer.to_bytes().hex(' ')}, due is E5")

    # Whether the device lives

    @property
    def last_record(self) -> int:
        """Number of the last record in the trace that shows what the device sent, else of the last of all."""
        return self._trace.last_received or self._trace.last

    @property
    def last_failure(self) -> str:
        """Why the last good exchange was none."""
        return self._failure

    @property
    def hint(self) -> str:
        """What to look at where no slave has ever answered at this door in this run; else nothing."""
        if self.timing.has_answered:
            return ""
        return f"; no slave has ever answered at door {self.door.id} in this run: are url and [doors.mbus] right?"

    def answers(self) -> bool:
        """Whether the slave resets its link and sends a frame of data.

        One that has never been sound here lives where it answers with whole frames that are wrong, or acknowledges
        and sends no whole frame of data however often it is asked: rate and framing are right, and scenarios judge it.
        """
        acknowledged = False
        with self._in_step("good exchange"):
            try:
                self.rest()
                self.reset_link()
                acknowledged = True
                self.answer(self.next_request(), "REQ_UD2")
                self.count_bit.accepted()
            except Garbled as damaged:
                self._failure = str(damaged)
                if acknowledged and not self.timing.has_been_sound:
                    return True
                if not self.door.is_virtual:
                    raise LineDamaged(f"good exchange at door {self.door.id}: {damaged}") from damaged
                return False
            except ProtocolViolation as violation:
                self._failure = str(violation)
                return not self.timing.has_been_sound
            except (Silent, ConnectionLost) as failure:
                self._failure = str(failure)
                return False
            except PortGone as gone:
                if not self.door.is_network:
                    raise
                self._failure = str(gone)
                return False
        self.timing.has_been_sound = True
        return True

    def answers_after_rest(self) -> bool:
        """Whether a good exchange succeeds after a short rest."""
        return self._answers_after(_RESTS_S[0])

    def recover(self) -> bool:
        """Close, and try good exchanges after ever longer rests."""
        self.close_all()
        return any(self._answers_after(rest_s) for rest_s in _RESTS_S)

    def _answers_after(self, rest_s: float) -> bool:
        self.close_all()
        self._connections.let_pass(rest_s)
        return self.answers()

    @contextmanager
    def _in_step(self, name: str) -> Iterator[None]:
        trace = self._trace
        kept = trace.step, trace.last_request, trace.last_received
        trace.step = name
        try:
            yield
        finally:
            trace.step, trace.last_request, trace.last_received = kept
