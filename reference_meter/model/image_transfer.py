"""Image transfer (class 18): an image comes block by block, is verified and activated."""

from collections.abc import Callable

from reference_meter.model.data import (
    Pair,
    array,
    bit_string,
    boolean,
    double_long_unsigned,
    enum,
    octet_string,
    structure,
)
from reference_meter.model.firmware import APPLICATION, FirmwareImage, parse_image
from reference_meter.model.objects import MANAGING, MEASURING, NOBODY, Attribute, CosemObject, Method, trigger
from reference_meter.model.written import BOOLEAN, DOUBLE_LONG_UNSIGNED, OCTET_STRING, fields, out_of_range, written

__all__ = ["BLOCK_OCTETS", "ImageTransfer", "Status"]

BLOCK_OCTETS = 128
_LARGEST_IMAGE_OCTETS = 256 * 1024
_LONGEST_IDENTIFIER_OCTETS = 48


class Status:
    """Values of attribute 6."""

    NOT_INITIATED, INITIATED, VERIFICATION_INITIATED, VERIFIED, VERIFICATION_FAILED = range(5)
    ACTIVATION_INITIATED, ACTIVATED, ACTIVATION_FAILED = range(5, 8)


class ImageTransfer:
    """The image on its way and the application firmware in force; the legally relevant part is never replaced."""

    def __init__(self, key: bytes, firmware_id: bytes, verification_failed: Callable[[], None]) -> None:
        self.application_id = firmware_id
        self.enabled = True
        self.status = Status.NOT_INITIATED
        self.verified: FirmwareImage | None = None
        self._identifier = b""
        self._size_octets = 0
        self._blocks: list[bytes | None] = []
        self._key = key
        self._verification_failed = verification_failed

    def initiate(self, parameter: Pair | None) -> None:
        """Method 1: begin anew with an image of this identifier and size in octets."""
        identifier, size_octets = fields(parameter, OCTET_STRING, DOUBLE_LONG_UNSIGNED)
        self._demand(self.enabled)
        self._demand(len(identifier) <= _LONGEST_IDENTIFIER_OCTETS)
        self._demand(0 < size_octets <= _LARGEST_IMAGE_OCTETS)
        self._identifier, self._size_octets = identifier, size_octets
        self._blocks = [None] * -(-size_octets // BLOCK_OCTETS)
        self.status, self.verified = Status.INITIATED, None

    def take_block(self, parameter: Pair | None) -> None:
        """Method 2: take one block, number from 0; all but the last have full length."""
        number, octets = fields(parameter, DOUBLE_LONG_UNSIGNED, OCTET_STRING)
        self._demand(self.enabled and self.status == Status.INITIATED)
        self._demand(number < len(self._blocks))
        self._demand(len(octets) == min(BLOCK_OCTETS, self._size_octets - number * BLOCK_OCTETS))
        self._blocks[number] = octets

    def verify(self) -> None:
        """Method 3: judge the signature; a wrong one is refused and noted."""
        self._demand(self.enabled and self.status in (Status.INITIATED, Status.VERIFIED))
        self._demand(self.first_missing == len(self._blocks))
        self.verified = parse_image(b"".join(block for block in self._blocks if block is not None), self._key)
        self.status = Status.VERIFIED if self.verified else Status.VERIFICATION_FAILED
        if self.verified is None:
            self._verification_failed()
        self._demand(self.verified is not None)

    def activate(self) -> None:
        """Method 4: put a verified application in force."""
        self._demand(self.enabled and self.status == Status.VERIFIED)
        if self.verified is None or self.verified.part != APPLICATION:
            self.status = Status.ACTIVATION_FAILED
            raise out_of_range()
        self.application_id = self.verified.firmware_id
        self.status = Status.ACTIVATED

    @property
    def first_missing(self) -> int:
        """The number of the first block that has not come; the number of blocks when all have."""
        return next((number for number, block in enumerate(self._blocks) if block is None), len(self._blocks))

    def bitmap(self) -> Pair:
        """Attribute 3: one bit for each block, 1 for those that have come."""
        bits = "".join("0" if block is None else "1" for block in self._blocks)
        octets = bytes(int(bits[at : at + 8].ljust(8, "0"), 2) for at in range(0, len(bits), 8))
        return bit_string(len(bits), octets)

    def to_activate(self) -> Pair:
        """Attribute 7: size, identifier and signature of a verified image."""
        if self.verified is None:
            return array(())
        return array(
            [
                structure(
                    double_long_unsigned(self._size_octets),
                    octet_string(self._identifier),
                    octet_string(self.verified.signature),
                )
            ]
        )

    def object(self, obis: bytes) -> CosemObject:
        """The instance of class 18."""
        reads: dict[int, Callable[[], Pair]] = {
            2: lambda: double_long_unsigned(BLOCK_OCTETS),
            3: self.bitmap,
            4: lambda: double_long_unsigned(self.first_missing),
            5: lambda: boolean(self.enabled),
            6: lambda: enum(self.status),
            7: self.to_activate,
        }
        return CosemObject(
            class_id=18,
            version=0,
            obis=obis,
            attributes={
                number: Attribute(
                    read=read,
                    readers=MEASURING,
                    write=self._write_enabled if number == 5 else None,
                    writers=MANAGING if number == 5 else NOBODY,
                )
                for number, read in reads.items()
            },
            methods={
                1: Method(invoke=self.initiate),
                2: Method(invoke=self.take_block),
                3: Method(invoke=trigger(self.verify)),
                4: Method(invoke=trigger(self.activate)),
            },
        )

    def _write_enabled(self, data: Pair) -> None:
        self.enabled = written(data, BOOLEAN)

    def _demand(self, met: bool) -> None:
        """Refuse what does not fit the value or the state."""
        if not met:
            raise out_of_range()
