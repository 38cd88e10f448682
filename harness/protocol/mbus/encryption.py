"""Encryption of records: mode 5 (AES-CBC with a vector made of the header) and mode 7 (derived keys).

Mode 7 draws its two keys from the slave's key, a message counter and the identification number; the counter and the
authentication code travel in a layer of their own before the header.
"""

from dataclasses import dataclass
from hmac import compare_digest
from typing import Final, Self

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.cmac import CMAC

from harness.errors import DecodeError
from harness.protocol.mbus.address import SecondaryAddress

__all__ = [
    "Configuration",
    "authentication_code",
    "check_code",
    "checked",
    "decrypt",
    "decrypted",
    "derived_key",
    "enciphered_key",
    "initial_vector",
]

_BLOCK_OCTETS: Final = 16
_PLAIN_START: Final = b"\x2f\x2f"
_CBC_WITH_VECTOR, _CBC_DERIVED = 5, 7
_FOR_ENCRYPTION, _FOR_CODE = 0, 1
_PADDING: Final = b"\x07" * 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """The configuration field of a header."""

    word: int
    extension: int | None = None
    """Follows in mode 7 only."""

    @property
    def mode(self) -> int:
        """0 without encryption."""
        return self.word >> 8 & 0x1F

    @property
    def encrypted_octets(self) -> int:
        """How many octets from the first record on are enciphered."""
        return (self.word >> 4 & 0x0F) * _BLOCK_OCTETS if self.mode in (_CBC_WITH_VECTOR, _CBC_DERIVED) else 0

    @classmethod
    def pull(cls, octets: bytes) -> tuple[Self, bytes]:
        """Take the field from the head of ``octets``; returns it with what follows."""
        word = int.from_bytes(octets[:2], "little")
        plain = cls(word=word)
        if plain.mode != _CBC_DERIVED:
            return plain, octets[2:]
        if len(octets) < 3:
            raise DecodeError("the telegram ends within its configuration field", len(octets))
        return cls(word=word, extension=octets[2]), octets[3:]


def initial_vector(address: SecondaryAddress, access_number: int) -> bytes:
    """Return the vector of mode 5: manufacturer, identification, version, medium, eight times the access number."""
    octets = address.to_bytes()
    return octets[4:6] + octets[:4] + octets[6:] + bytes((access_number,)) * 8


def decrypt(key: bytes, vector: bytes, octets: bytes) -> bytes:
    """Decipher whole blocks; ValueError for a rest."""
    decryptor = Cipher(AES(key), CBC(vector)).decryptor()
    return decryptor.update(octets) + decryptor.finalize()


def enciphered_key(key: bytes, default_key: bytes) -> bytes:
    """Return a key in one block of cipher (AES-CBC, a vector of zeros) under the key that the slave has by default."""
    encryptor = Cipher(AES(default_key), CBC(bytes(_BLOCK_OCTETS))).encryptor()
    return encryptor.update(key) + encryptor.finalize()


def derived_key(key: bytes, *, counter: bytes, identification: bytes, for_code: bool = False) -> bytes:
    """Return the key of one message of the slave in mode 7; ``counter`` and ``identification`` as they are sent."""
    constant = _FOR_CODE if for_code else _FOR_ENCRYPTION
    return _cmac(key, bytes((constant,)) + counter + identification + _PADDING)


def authentication_code(key: bytes, message: bytes, length_octets: int = 8) -> bytes:
    """Return the code over control, counter and all from the control information octet on."""
    return _cmac(key, message)[:length_octets]


def check_code(key: bytes, message: bytes, code: bytes) -> None:
    """Raise DecodeError where a message's code is wrong."""
    if not compare_digest(authentication_code(key, message, len(code)), code):
        raise DecodeError("the authentication code is wrong")


def decrypted(
    configuration: Configuration,
    body: bytes,
    key: bytes | None,
    address: SecondaryAddress | None,
    access_number: int,
    counter: bytes | None = None,
) -> bytes:
    """Return the records in plain; what lies behind the enciphered blocks is plain already.

    ``counter`` is that of the authentication layer, without which mode 7 cannot be read.
    """
    count = configuration.encrypted_octets
    if configuration.mode == 0 or count == 0:
        return body
    if key is None or address is None:
        raise DecodeError(f"the records are enciphered (mode {configuration.mode}), and no key is known")
    if len(body) < count:
        raise DecodeError(f"{count} octets are said to be enciphered, {len(body)} have come")
    if configuration.mode == _CBC_WITH_VECTOR:
        return checked(decrypt(key, initial_vector(address, access_number), body[:count])) + body[count:]
    if counter is None:
        raise DecodeError(f"encryption mode {configuration.mode} without a message counter")
    of_message = derived_key(key, counter=counter, identification=address.to_bytes()[:4])
    return checked(decrypt(of_message, bytes(_BLOCK_OCTETS), body[:count])) + body[count:]


def checked(plain: bytes) -> bytes:
    """Return deciphered octets; DecodeError where they do not begin as they must."""
    if not plain.startswith(_PLAIN_START):
        raise DecodeError("what was deciphered does not begin with two fillers: wrong key or vector")
    return plain


def _cmac(key: bytes, message: bytes) -> bytes:
    code = CMAC(AES(key))
    code.update(message)
    return code.finalize()
