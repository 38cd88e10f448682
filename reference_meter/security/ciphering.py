"""Sealing and opening what is protected: AES-GCM with tags of 12 octets, in three ways.

===================== ============================ ===================
protection            authenticated beside         body
===================== ============================ ===================
authentication only   control, key, plain text     plain text, tag
encryption only       nothing                      cipher text
both                  control, key                 cipher text, tag
===================== ============================ ===================

The nonce is the sender's system title and the invocation counter.
"""

from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

__all__ = [
    "AUTHENTICATION",
    "BROADCAST",
    "COMPRESSION",
    "ENCRYPTION",
    "KEY_OCTETS",
    "PROTECTION",
    "SUITE",
    "SYSTEM_TITLE_OCTETS",
    "TAG_OCTETS",
    "CipherKeys",
    "Header",
    "Undecipherable",
    "authentication_tag",
    "seal",
    "unseal",
]

SUITE, AUTHENTICATION, ENCRYPTION, BROADCAST, COMPRESSION = 0x0F, 0x10, 0x20, 0x40, 0x80
"""Bits of the security control octet."""
PROTECTION = AUTHENTICATION | ENCRYPTION

KEY_OCTETS = {0: 16, 1: 16, 2: 32}
"""Length of the symmetric keys by security suite."""
TAG_OCTETS = 12
SYSTEM_TITLE_OCTETS = 8


class Undecipherable(Exception):
    """What was received was not made with these keys, or its protection is none that is in use here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CipherKeys:
    """The two keys of symmetric protection."""

    encryption: bytes = field(repr=False)
    authentication: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What a protected text depends on besides the keys."""

    control: int
    """Security control octet."""
    title: bytes
    """System title of the sender, 8 octets."""
    counter: int
    """Invocation counter, 32 bits."""
    beside: bytes = b""
    """Octets that are authenticated with the message: the header of general ciphering."""

    @property
    def nonce(self) -> bytes:
        """The 12 octets that no key may see twice."""
        if len(self.title) != SYSTEM_TITLE_OCTETS:
            raise ValueError(f"a system title has {SYSTEM_TITLE_OCTETS} octets, not {len(self.title)}")
        return self.title + self.counter.to_bytes(4, "big")


def seal(plain: bytes, header: Header, keys: CipherKeys) -> bytes:
    """Give the protected body of a plain text."""
    match header.control & PROTECTION:
        case 0x10:
            return plain + authentication_tag(plain, header, keys)
        case 0x20:
            return _counter_mode(plain, header, keys)
        case 0x30:
            encryptor = Cipher(algorithms.AES(keys.encryption), modes.GCM(header.nonce)).encryptor()
            encryptor.authenticate_additional_data(bytes([header.control]) + keys.authentication + header.beside)
            body = encryptor.update(plain) + encryptor.finalize()
            return body + encryptor.tag[:TAG_OCTETS]
        case _:
            raise ValueError(f"security control {header.control:#04x} asks for no protection")


def unseal(body: bytes, header: Header, keys: CipherKeys) -> bytes:
    """Give the plain text of a protected body; ``Undecipherable`` where the tag does not fit."""
    protection = header.control & PROTECTION
    if protection == ENCRYPTION:
        return _counter_mode(body, header, keys)
    if not protection or len(body) < TAG_OCTETS:
        raise Undecipherable("there is no authentication tag")
    text, tag = body[:-TAG_OCTETS], body[-TAG_OCTETS:]
    beside = bytes([header.control]) + keys.authentication + header.beside
    encrypted = bool(protection & ENCRYPTION)
    mode = modes.GCM(header.nonce, tag, min_tag_length=TAG_OCTETS)
    decryptor = Cipher(algorithms.AES(keys.encryption), mode).decryptor()
    decryptor.authenticate_additional_data(beside if encrypted else beside + text)
    try:
        plain = decryptor.update(text if encrypted else b"") + decryptor.finalize()
    except InvalidTag:
        raise Undecipherable("the authentication tag does not fit") from None
    return plain if encrypted else text


def authentication_tag(octets: bytes, header: Header, keys: CipherKeys) -> bytes:
    """Give the tag over control octet, authentication key and ``octets``, with nothing encrypted."""
    encryptor = Cipher(algorithms.AES(keys.encryption), modes.GCM(header.nonce)).encryptor()
    encryptor.authenticate_additional_data(bytes([header.control]) + keys.authentication + header.beside + octets)
    encryptor.finalize()
    return encryptor.tag[:TAG_OCTETS]


def _counter_mode(octets: bytes, header: Header, keys: CipherKeys) -> bytes:
    """Encrypt or decrypt without a tag."""
    # GCM begins its key stream at block 2, as block 1 masks the tag.
    mode = modes.CTR(header.nonce + (2).to_bytes(4, "big"))
    return Cipher(algorithms.AES(keys.encryption), mode).encryptor().update(octets)
