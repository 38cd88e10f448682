"""One slave: which requests it takes, and what it answers."""

from collections.abc import Callable
from typing import Final

from reference_meter.codec.mbus import (
    ACKNOWLEDGE,
    LONGEST_DATA_OCTETS,
    Request,
    bcd,
    date_time_from_octets,
    long_frame,
    manufacturer_octets,
)
from reference_meter.codec.mbus_encryption import (
    BLOCK_OCTETS,
    encipher,
    in_whole_blocks,
    message_code,
    message_key,
    vector_of_header,
)
from reference_meter.codec.octets import Malformed
from reference_meter.mbus.contents import Contents
from reference_meter.mbus.settings import MBusSettings, SlaveSettings

__all__ = ["Slave"]

_SND_NKE, _SND_UD, _REQ_UD1, _REQ_UD2, _RSP_UD = 0x40, 0x53, 0x5A, 0x5B, 0x08
_COUNT_BIT: Final = 0x20
_SELECTED, _TEST, _ALL = 0xFD, 0xFE, 0xFF
_RESET, _COMMAND, _SELECT, _ERROR = 0x50, 0x51, 0x52, 0x70
_LONG_HEADER, _SHORT_HEADER, _ALARM = 0x72, 0x7A, 0x71
_MORE_FOLLOWS, _OWN_DATA = b"\x1f", b"\x0f"
_UNIMPLEMENTED, _PREMATURE_END, _ACCESS_DENIED, _WRONG_PARAMETER = 0x01, 0x04, 0x10, 0x12
_LARGEST_PRIMARY: Final = 250
_STATUS_ERROR, _STATUS_PERMANENT, _STATUS_TEMPORARY = 0x02, 0x08, 0x10
_DERIVED: Final = 7
_AUTHENTICATION: Final = 0x90
_FIELDS, _CONTROL, _DERIVATION = b"\x0f\x00\x2c", b"\x25", b"\x10"
_FOR_RECORDS, _FOR_CODE = 0, 1
_OVERHEAD_OCTETS: Final = 12 + 18 + 2 * BLOCK_OCTETS
"""Header, layer of authentication, and what whole blocks add."""
_EXTENSION: Final = 0x80
_VALUE_OCTETS: Final = {1: 1, 2: 2, 3: 3, 4: 4, 5: 4, 6: 6, 7: 8, 9: 1, 10: 2, 11: 3, 12: 4, 13: 1, 14: 6}
"""By the coding of a record."""
_BAUDS: Final = {0xB8 + place: 300 << place for place in range(6)} | {0xBE: 19_200, 0xBF: 38_400}
"""By control information."""
_SET_ADDRESS, _SET_TIME = b"\x01\x7a", b"\x04\x6d"


class Slave:
    """State of one slave; it lives as long as the meter."""

    def __init__(
        self, who: SlaveSettings, settings: MBusSettings, contents: Contents, collected: Callable[[], None]
    ) -> None:
        """``collected`` is told of each reading that was fetched."""
        self.who = who
        self.settings = settings
        self.contents = contents
        self.primary = who.primary
        self.key = who.key or settings.key
        """Enciphers its records."""
        self.baud = settings.baud
        self.next_baud: int | None = None
        """To which it goes when it has answered."""
        self.heard_at = 0.0
        """Line time of the last request at its rate."""
        self.selected = False
        self.access_number = 0
        self.message_counter = 0
        self.pending_error: int | None = None
        self.raised = 0
        """Bits of the alarm that stands."""
        self.last_count_bit: int | None = None
        """That of the last request, None after a reset."""
        self.last_answer = b""
        self.place = 0
        """Which telegram of a reading is next."""
        self._reading: list[bytes] = []
        self._collected = collected

    @property
    def secondary(self) -> bytes:
        """The eight octets by which it is selected."""
        who = self.who
        return bcd(who.identification, 4) + manufacturer_octets(who.manufacturer) + bytes((who.version, who.medium))

    def answer(self, request: Request) -> bytes | None:
        """What it answers, None where it stays silent."""
        if not self.is_meant(request):
            return None
        answer = self.take(request)
        if self.next_baud is not None:
            self.change_baud(self.next_baud)
        return None if request.address == _ALL else answer

    def is_meant(self, request: Request) -> bool:
        """Whether a request is for this slave; a selection is for everybody who is selected."""
        if request.address == _SELECTED:
            return request.information == _SELECT or self.selected
        return request.address in (self.primary, _TEST, _ALL)

    def take(self, request: Request) -> bytes | None:
        """Do what is asked; the same frame count bit again asks for the last answer again."""
        if request.control == _SND_NKE:
            self.reset_link(request)
            return ACKNOWLEDGE
        kind = request.control & ~_COUNT_BIT
        if kind not in (_SND_UD, _REQ_UD1, _REQ_UD2):
            return None
        count_bit = request.control & _COUNT_BIT
        if request.information == _SELECT and request.address == _SELECTED:
            return self.select(request.data)
        if count_bit == self.last_count_bit and self.last_answer:
            return self.repeat()
        self.last_count_bit = count_bit
        self.last_answer = {_SND_UD: self.command, _REQ_UD1: self.alarm, _REQ_UD2: self.respond}[kind](request)
        return self.last_answer

    def repeat(self) -> bytes:
        """The last answer once more."""
        return self.last_answer

    def reset_link(self, request: Request) -> None:
        """Forget the frame count bit; the slave that was selected is so no longer."""
        self.last_count_bit, self.last_answer = None, b""
        if request.address == _SELECTED:
            self.selected = False

    def select(self, wanted: bytes) -> bytes | None:
        """Be selected where every digit and octet fits or is left open."""
        self.selected = len(wanted) == len(self.secondary) and self.fits(wanted)
        if not self.selected:
            return None
        self.last_count_bit, self.last_answer = None, b""
        return ACKNOWLEDGE

    def fits(self, wanted: bytes) -> bool:
        """Whether a secondary address with open places is that of this slave."""
        digits = zip(wanted[:4].hex(), self.secondary[:4].hex(), strict=True)
        octets = ((wanted[6], self.secondary[6]), (wanted[7], self.secondary[7]))
        return (
            all(one in ("f", own) for one, own in digits)
            and wanted[4:6] in (b"\xff\xff", self.secondary[4:6])
            and all(one in (0xFF, own) for one, own in octets)
        )

    # Commands

    def command(self, request: Request) -> bytes:
        """Take a command; what is wrong with it the next reading tells."""
        self.pending_error = None
        if request.information == _RESET:
            self.reset_application()
        elif request.information == _COMMAND:
            self.pending_error = self.write(request.data)
        elif _BAUDS.get(request.information or 0) in (self.settings.baud, *self.settings.bauds):
            self.next_baud = _BAUDS[request.information or 0]
        else:
            self.pending_error = self.refuse_information(request)
        return ACKNOWLEDGE

    def change_baud(self, baud: int) -> None:
        """Listen and speak at another rate."""
        self.baud, self.next_baud = baud, None

    def fall_back(self) -> None:
        """Go back to the rate of the bus."""
        self.baud = self.settings.baud

    def refuse_information(self, request: Request) -> int | None:
        """The error of a control information that this slave does not know."""
        return _UNIMPLEMENTED

    def reset_application(self) -> None:
        """Begin a reading from its first telegram."""
        self.place = 0

    def write(self, data: bytes) -> int | None:
        """Take a record that is written; only address and time of a slave can be, gives the error."""
        if data[:2] == _SET_ADDRESS:
            return self.set_address(data[2:])
        if data[:2] == _SET_TIME and self.contents.clock_can_be_set:
            return self.set_time(data[2:])
        return self.refuse_write(data)

    def refuse_write(self, data: bytes) -> int:
        """The error of a record that nobody may write; what ends too early is told apart."""
        return _PREMATURE_END if ends_early(data) else _ACCESS_DENIED

    def set_address(self, octets: bytes) -> int | None:
        """Take a primary address."""
        if len(octets) != 1:
            return _PREMATURE_END
        if octets[0] > _LARGEST_PRIMARY:
            return _WRONG_PARAMETER
        self.primary = octets[0]
        return None

    def set_time(self, octets: bytes) -> int | None:
        """Take local time."""
        if len(octets) != 4:
            return _PREMATURE_END
        try:
            self.contents.set_clock(date_time_from_octets(octets))
        except Malformed:
            return _WRONG_PARAMETER
        return None

    # Answers

    def alarm(self, request: Request) -> bytes:
        """The alarm that stands, or that there is none."""
        return long_frame(_RSP_UD, self.primary, _ALARM, bytes((self.raised,))) if self.raised else ACKNOWLEDGE

    def respond(self, request: Request) -> bytes:
        """The telegram of a reading whose turn it is, or the error of the last command."""
        if self.pending_error is not None and self.settings.errors_reported == "telegram":
            error, self.pending_error = self.pending_error, None
            return self.error_frame(error)
        if self.place == 0:
            self._reading = self.telegrams()
            self._collected()
        content = self._reading[self.place]
        self.place = (self.place + 1) % len(self._reading)
        self.access_number = (self.access_number + 1) % 256
        status = self.status()
        self.pending_error = None
        return self.frame(content, status)

    def error_frame(self, error: int) -> bytes:
        """The telegram of an application error."""
        return long_frame(_RSP_UD, self.primary, _ERROR, bytes((error,)))

    def status(self) -> int:
        """Bits of the status octet."""
        failed = _STATUS_ERROR if self.pending_error is not None else 0
        alarmed = _STATUS_TEMPORARY if self.raised else 0
        return failed | alarmed | (_STATUS_PERMANENT if self.contents.faulty else 0)

    def telegrams(self) -> list[bytes]:
        """The records of a reading, as many telegrams as they need."""
        room = LONGEST_DATA_OCTETS - _OVERHEAD_OCTETS - len(self.settings.manufacturer_data)
        records = self.contents.records()
        least = -(-len(records) // self.settings.telegrams)
        groups: list[list[bytes]] = [[]]
        for one in records:
            if len(groups[-1]) >= least or sum(map(len, groups[-1])) + len(one) > room:
                groups.append([])
            groups[-1].append(one)
        own = _OWN_DATA + self.settings.manufacturer_data if self.settings.manufacturer_data else b""
        ends = [_MORE_FOLLOWS] * (len(groups) - 1) + [own]
        return [b"".join(group) + end for group, end in zip(groups, ends, strict=True)]

    def frame(self, content: bytes, status: int) -> bytes:
        """One telegram with its header."""
        configuration = bytes(2)
        if self.key is not None:
            configuration, content = self.enciphered(self.key, in_whole_blocks(content))
        header = bytes((self.access_number, status)) + configuration + content
        information, data = (
            (_LONG_HEADER, self.secondary + header) if self.settings.long_header else (_SHORT_HEADER, header)
        )
        if self.key is not None and self.settings.mode == _DERIVED:
            message = bytes((information,)) + data
            information, data = _AUTHENTICATION, self.proof(self.key, message) + message
        return long_frame(_RSP_UD, self.primary, information, data)

    def enciphered(self, key: bytes, blocks: bytes) -> tuple[bytes, bytes]:
        """The configuration field and the records in cipher."""
        word = (self.settings.mode << 8 | len(blocks) // BLOCK_OCTETS << 4).to_bytes(2, "little")
        if self.settings.mode != _DERIVED:
            return word, encipher(key, vector_of_header(self.secondary, self.access_number), blocks)
        self.message_counter += 1
        of_message = message_key(key, _FOR_RECORDS, self.message_counter, self.secondary[:4])
        return word + _DERIVATION, encipher(of_message, bytes(BLOCK_OCTETS), blocks)

    def proof(self, key: bytes, message: bytes) -> bytes:
        """The layer that goes before a message: length, fields, control, counter and code."""
        of_code = message_key(key, _FOR_CODE, self.message_counter, self.secondary[:4])
        counted = _CONTROL + self.message_counter.to_bytes(4, "little")
        return _FIELDS + counted + message_code(of_code, counted + message)


def ends_early(data: bytes) -> bool:
    """Whether a record ends before its value does."""
    at = 0
    for _ in range(2):
        while at < len(data) and data[at] & _EXTENSION:
            at += 1
        at += 1
    return not data or at + _VALUE_OCTETS.get(data[0] & 0x0F, 0) > len(data)
