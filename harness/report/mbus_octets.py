"""Which octets of an M-Bus frame are which field, for people."""

from harness.wire.octet_map import OctetField

__all__ = ["map_mbus"]

_ACKNOWLEDGED = b"\xe5"
_STOP = 0x16
_SHORT = ("start", "control", "address", "checksum", "stop")
_LONG = ("start", "length", "length again", "start again", "control", "address", "control information")
_SHORTEST = len(_LONG) + 2


def map_mbus(octets: bytes) -> tuple[OctetField, ...]:
    """Return the fields of one frame of the link layer; none for octets that are no such frame."""
    if octets == _ACKNOWLEDGED:
        return (_field(0, 1, "acknowledgement", "the slave takes the request"),)
    if len(octets) == len(_SHORT) and (octets[0], octets[-1]) == (0x10, _STOP):
        return tuple(_octet(octets, at, name) for at, name in enumerate(_SHORT))
    if len(octets) < _SHORTEST or (octets[0], octets[3], octets[-1]) != (0x68, 0x68, _STOP):
        return ()
    head = [_octet(octets, at, name) for at, name in enumerate(_LONG)]
    tail = [_octet(octets, len(octets) - 2, "checksum"), _octet(octets, len(octets) - 1, "stop")]
    data = _field(len(_LONG), len(octets) - 2, "data", f"{len(octets) - _SHORTEST} octets")
    return (*head, *([data] if data.end > data.start else []), *tail)


def _octet(octets: bytes, at: int, name: str) -> OctetField:
    number = octets[at]
    return _field(at, at + 1, name, str(number) if name.startswith(("length", "address")) else f"0x{number:02x}")


def _field(start: int, end: int, name: str, meaning: str) -> OctetField:
    return OctetField(start=start, end=end, layer="M-Bus", name=name, meaning=meaning)
