"""Masking of secret octets at equal length, before anything is written."""

from collections.abc import Iterable, Sequence

__all__ = ["MaskedRange", "masked_hex", "merged", "ranges_of", "shifted"]

MaskedRange = tuple[int, int]
"""Offset and length, in octets, of a part that must not be written."""


def ranges_of(octets: bytes, secrets: Iterable[bytes]) -> tuple[MaskedRange, ...]:
    """Return where any of the ``secrets`` stands in ``octets``, in rising order."""
    found = []
    for secret in secrets:
        if not secret:
            continue
        at = octets.find(secret)
        while at >= 0:
            found.append((at, len(secret)))
            at = octets.find(secret, at + 1)
    return tuple(sorted(found)) if found else ()


def merged(ranges: Iterable[MaskedRange]) -> tuple[MaskedRange, ...]:
    """Return the same octets as ranges in rising order that neither overlap nor touch."""
    joined: list[MaskedRange] = []
    for offset, length in sorted(ranges):
        if joined and offset <= sum(joined[-1]):
            start, known = joined.pop()
            length = max(start + known, offset + length) - start
            offset = start
        joined.append((offset, length))
    return tuple(joined)


def shifted(
    ranges: Sequence[MaskedRange], *, start: int, stop: int, at: int, octets: int, trailer: int
) -> tuple[MaskedRange, ...]:
    """Move ranges of a payload into a frame that carries ``payload[start:stop]`` from offset ``at`` on.

    ``octets`` is the length of the frame. The last ``trailer`` octets (a checksum over the secret would let a
    short secret be guessed) are masked too as soon as anything else in the frame is.
    """
    moved = []
    for offset, length in ranges:
        first, last = max(offset, start), min(offset + length, stop)
        if first < last:
            moved.append((at + first - start, last - first))
    if moved and trailer:
        moved.append((octets - trailer, trailer))
    return tuple(moved)


def masked_hex(octets: bytes, ranges: Sequence[MaskedRange]) -> str:
    """Return ``octets`` as hex with ``**`` for each masked octet."""
    if not ranges:
        return octets.hex()
    pairs = [f"{octet:02x}" for octet in octets]
    for offset, length in ranges:
        pairs[offset : offset + length] = ["**"] * length
    return "".join(pairs)
