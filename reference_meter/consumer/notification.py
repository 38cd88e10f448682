"""Data-notifications, and what carries them to the consumer: UI frames, and the envelope of general-glo-ciphering."""

from reference_meter.codec.axdr import Pair, encode
from reference_meter.codec.hdlc import HdlcFrame, encode_frame
from reference_meter.codec.octets import encode_length
from reference_meter.security.ciphering import CipherKeys, Header, seal
from reference_meter.security.store import SecurityStore

__all__ = ["data_notification", "enciphered", "in_envelope", "in_frames"]

_DATA_NOTIFICATION, _GENERAL_GLO = 0x0F, 0xDB
_UI = 0x13
_LLC = bytes.fromhex("E6E700")


def data_notification(number: int, stamp: bytes, body: Pair) -> bytes:
    """A notification with its long invoke-id (24 bits) and a time, which may be empty."""
    return bytes([_DATA_NOTIFICATION]) + number.to_bytes(4, "big") + bytes([len(stamp)]) + stamp + encode(body)


def enciphered(plain: bytes, header: Header, keys: CipherKeys) -> bytes:
    """The octets in general-glo-ciphering."""
    inner = bytes([header.control]) + header.counter.to_bytes(4, "big") + seal(plain, header, keys)
    return bytes([_GENERAL_GLO, len(header.title)]) + header.title + encode_length(len(inner)) + inner


def in_envelope(plain: bytes, control: int, security: SecurityStore | None) -> bytes:
    """The octets as they leave under the keys of the consumer; in the clear where ``control`` asks for nothing."""
    if not control or security is None:
        return plain
    counter = security.counters.next_sent(security.keys.unicast)
    header = Header(control=control, title=security.server_title, counter=counter)
    return enciphered(plain, header, security.cipher_keys)


def in_frames(apdu: bytes, *, destination: bytes, source: bytes, most_octets: int) -> list[bytes]:
    """UI frames that carry an APDU, each with so many octets of information at most."""
    information = _LLC + apdu
    parts = [information[at : at + most_octets] for at in range(0, len(information), most_octets)]
    return [
        encode_frame(
            HdlcFrame(
                destination=destination,
                source=source,
                control=_UI,
                information=part,
                segmented=number < len(parts),
            )
        )
        for number, part in enumerate(parts, start=1)
    ]
