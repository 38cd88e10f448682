"""Enciphering of records: mode 5, and mode 7 with keys drawn for each message."""

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.cmac import CMAC

__all__ = ["BLOCK_OCTETS", "decipher", "encipher", "in_whole_blocks", "message_code", "message_key", "vector_of_header"]

BLOCK_OCTETS = 16
_FILLER = b"\x2f"


def in_whole_blocks(records: bytes) -> bytes:
    """Two fillers, the records, and fillers up to the end of a block."""
    begun = 2 * _FILLER + records
    return begun + _FILLER * (-len(begun) % BLOCK_OCTETS)


def vector_of_header(secondary_address: bytes, access_number: int) -> bytes:
    """The initial vector of mode 5, of the eight octets that name the slave."""
    identification, manufacturer, rest = secondary_address[:4], secondary_address[4:6], secondary_address[6:]
    return manufacturer + identification + rest + bytes([access_number] * 8)


def encipher(key: bytes, vector: bytes, blocks: bytes) -> bytes:
    """AES-CBC over whole blocks."""
    encryptor = Cipher(algorithms.AES(key), modes.CBC(vector)).encryptor()
    return encryptor.update(blocks) + encryptor.finalize()


def decipher(key: bytes, vector: bytes, blocks: bytes) -> bytes:
    """The octets of whole blocks in plain."""
    decryptor = Cipher(algorithms.AES(key), modes.CBC(vector)).decryptor()
    return decryptor.update(blocks) + decryptor.finalize()


def message_key(key: bytes, purpose: int, counter: int, identification: bytes) -> bytes:
    """The key of one message in mode 7; purpose 0 enciphers, 1 makes the code."""
    drawn = CMAC(algorithms.AES(key))
    drawn.update(bytes((purpose,)) + counter.to_bytes(4, "little") + identification + b"\x07" * 7)
    return drawn.finalize()


def message_code(key: bytes, message: bytes) -> bytes:
    """Eight octets that prove a message."""
    code = CMAC(algorithms.AES(key))
    code.update(message)
    return code.finalize()[:8]
