"""The parameters that SNRM proposes and UA answers: information lengths and windows."""

from dataclasses import dataclass

from harness.errors import DecodeError

__all__ = ["Parameters"]

_GROUP = bytes((0x81, 0x80))
_HEADER_OCTETS = 3
_WINDOW_OCTETS = 4
_LARGEST_INFORMATION_OCTETS = 2030
_LARGEST_WINDOW = 7

_FIELDS = {
    0x05: "max_information_transmit",
    0x06: "max_information_receive",
    0x07: "window_transmit",
    0x08: "window_receive",
}
_ITEM_OCTETS = {0x05: (1, 2), 0x06: (1, 2), 0x07: (_WINDOW_OCTETS,), 0x08: (_WINDOW_OCTETS,)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """What one side says of itself; the defaults rule where nothing is said."""

    max_information_transmit: int = 128
    """Octets of the longest information field that this side sends."""
    max_information_receive: int = 128
    """Octets of the longest information field that this side takes."""
    window_transmit: int = 1
    """Frames that this side sends before it needs an acknowledgement."""
    window_receive: int = 1

    def __post_init__(self) -> None:
        for octets in (self.max_information_transmit, self.max_information_receive):
            if not 1 <= octets <= _LARGEST_INFORMATION_OCTETS:
                raise ValueError(f"information of {octets} octets: 1 to {_LARGEST_INFORMATION_OCTETS} is allowed")
        for window in (self.window_transmit, self.window_receive):
            if not 1 <= window <= _LARGEST_WINDOW:
                raise ValueError(f"window {window}: 1 to {_LARGEST_WINDOW} is allowed")

    def to_bytes(self) -> bytes:
        """Return the parameter group; lengths take one octet where they fit."""
        items = b""
        for identifier, field in _FIELDS.items():
            value: int = getattr(self, field)
            size = next(n for n in _ITEM_OCTETS[identifier] if value < 1 << 8 * n)
            items += bytes((identifier, size)) + value.to_bytes(size, "big")
        return _GROUP + bytes((len(items),)) + items

    @classmethod
    def from_bytes(cls, octets: bytes) -> "Parameters":
        """Decode the information field of SNRM or UA.

        No octets at all, and absent items, mean the defaults; the order of the items is free. Anything
        else than the four known items, each at most once and within its range, is a DecodeError.
        """
        if not octets:
            return cls()
        if octets[:2] != _GROUP:
            raise DecodeError(f"parameters begin with {octets[:2].hex(' ')}, due is 81 80", 0)
        if len(octets) < _HEADER_OCTETS or octets[2] != len(octets) - _HEADER_OCTETS:
            raise DecodeError("the length of the parameter group is wrong", 2)
        values: dict[str, int] = {}
        at = _HEADER_OCTETS
        while at < len(octets):
            field, value, at = _pull_item(octets, at)
            if field in values:
                raise DecodeError(f"parameter {field} stands twice", at)
            values[field] = value
        try:
            return cls(**values)
        except ValueError as error:
            raise DecodeError(str(error)) from error

    def as_seen_from_other_side(self) -> "Parameters":
        """Return the same agreement with transmit and receive exchanged."""
        return Parameters(
            max_information_transmit=self.max_information_receive,
            max_information_receive=self.max_information_transmit,
            window_transmit=self.window_receive,
            window_receive=self.window_transmit,
        )

    def limited_by(self, other: "Parameters") -> "Parameters":
        """Return the smaller of each pair of values; both as seen from the same side."""
        return Parameters(**{field: min(getattr(self, field), getattr(other, field)) for field in _FIELDS.values()})


def _pull_item(octets: bytes, at: int) -> tuple[str, int, int]:
    """Return field name, value and the position after the item."""
    identifier = octets[at]
    if identifier not in _FIELDS:
        raise DecodeError(f"unknown parameter {identifier:02X}", at)
    size = octets[at + 1] if at + 1 < len(octets) else 0
    end = at + 2 + size
    if size not in _ITEM_OCTETS[identifier] or end > len(octets):
        raise DecodeError(f"parameter {_FIELDS[identifier]} in {size} octets", at)
    return _FIELDS[identifier], int.from_bytes(octets[at + 2 : end], "big"), end
