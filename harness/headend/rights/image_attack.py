"""An image whose signature nobody has made: it must not be accepted, and must not be put in force."""

from dataclasses import dataclass
from typing import Final

from harness.declaration import CosemObject
from harness.errors import Refused
from harness.headend.client import Client, item
from harness.protocol.axdr import Data, DataType

__all__ = ["ImageOutcome", "activate_image", "is_enabled", "read_status", "transfer_wrong_image"]

_BLOCK_SIZE, _ENABLED, _STATUS = 2, 5, 6
_INITIATE, _TRANSFER, _VERIFY, _ACTIVATE = 1, 2, 3, 4
_VERIFYING, _VERIFIED, _FAILED = 2, 3, 4
_LARGEST_BLOCK_OCTETS: Final = 4096
_BLOCKS: Final = 2
_IDENTIFIER: Final = b"CONFORMETER"
_TEMPORARY: Final = "action:2"
_NOTHING: Final = Data(DataType.INTEGER, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageOutcome:
    """How far an image came."""

    refused_at: str | None
    """The step that was refused, with the answer; None where none was."""
    status: int | None
    """Image transfer status after verification; None where it was not reached."""
    transferred: bool = True
    """Whether the device has taken all blocks; otherwise another image than ours may be waiting in it."""

    @property
    def verified(self) -> bool:
        """Whether the device takes the image for good."""
        return self.status == _VERIFIED or (self.refused_at is None and self.status not in (_VERIFYING, _FAILED))

    @property
    def verifying(self) -> bool:
        """Whether the device has not made up its mind yet."""
        return self.status == _VERIFYING


def transfer_wrong_image(client: Client, transfer: CosemObject) -> ImageOutcome:
    """Transfer two blocks of zeros in place of an image and have them verified.

    Raises ``Refused`` where the client may not even read the block size.
    """
    size = client.read(item(transfer, _BLOCK_SIZE)).value
    octets = min(size if isinstance(size, int) and size > 0 else _LARGEST_BLOCK_OCTETS, _LARGEST_BLOCK_OCTETS)
    begun = Data(
        DataType.STRUCTURE,
        (
            Data(DataType.OCTET_STRING, _IDENTIFIER),
            Data(DataType.DOUBLE_LONG_UNSIGNED, _BLOCKS * octets),
        ),
    )
    try:
        client.action(transfer, _INITIATE, begun)
        for number in range(_BLOCKS):
            block = (Data(DataType.DOUBLE_LONG_UNSIGNED, number), Data(DataType.OCTET_STRING, bytes(octets)))
            client.action(transfer, _TRANSFER, Data(DataType.STRUCTURE, block))
    except Refused as refused:
        return ImageOutcome(refused_at=str(refused), status=None, transferred=False)
    refused_at = None
    try:
        client.action(transfer, _VERIFY, _NOTHING)
    except Refused as refused:
        if refused.answer != _TEMPORARY:
            refused_at = str(refused)
    return ImageOutcome(refused_at=refused_at, status=read_status(client, transfer))


def read_status(client: Client, transfer: CosemObject) -> int | None:
    """Read the image transfer status; None where it cannot be read."""
    try:
        value = client.read(item(transfer, _STATUS)).value
    except Refused:
        return None
    return value if isinstance(value, int) else None


def is_enabled(client: Client, transfer: CosemObject) -> bool:
    """Whether the device takes images at all."""
    try:
        return bool(client.read(item(transfer, _ENABLED)).value)
    except Refused:
        return False


def activate_image(client: Client, transfer: CosemObject) -> str | None:
    """Ask for the activation; return the refusal, None where the device goes along."""
    try:
        client.action(transfer, _ACTIVATE, _NOTHING)
    except Refused as refused:
        return refused.answer
    return None
