"""The filter that selects which data collection a device logs."""

from collections.abc import Collection as Members

from harness.declaration import Collection
from harness.errors import Inconclusive
from harness.protocol.axdr import BitString, Data, DataType

__all__ = ["COLLECTED", "filter_data", "unknown_bit_data"]

COLLECTED = ("readings_collected", "intervals_collected", "readings_collected_gas", "intervals_collected_gas")
"""Events of data collection."""
_UNSIGNED = {DataType.UNSIGNED: 8, DataType.LONG_UNSIGNED: 16, DataType.DOUBLE_LONG_UNSIGNED: 32}
_OCTET_BITS = 8


def filter_data(there: Data, declared: Collection, selected: Members[str]) -> Data:
    """Return a filter of the type and size of the present one, with the bits of these events alone."""
    return _with_bits(there, [declared.bit_of(event) for event in selected])


def unknown_bit_data(there: Data, declared: Collection) -> Data:
    """Return a filter with a bit that selects nothing, one bit longer where all there are select something."""
    known = {declared.bit_of(event) for event in COLLECTED}
    unknown = next(bit for bit in range(len(known) + 1) if bit not in known)
    return _with_bits(there, [unknown], longer=True)


def _with_bits(there: Data, bits: Members[int], *, longer: bool = False) -> Data:
    highest = max(bits, default=0)
    if isinstance(there.value, BitString):
        width = max(there.value.bits, highest + 1) if longer else there.value.bits
        if highest >= width:
            raise Inconclusive(f"the filter has {width} bits, and bit {highest} is declared", missing="declaration")
        octets = bytearray((width + _OCTET_BITS - 1) // _OCTET_BITS)
        for bit in bits:
            octets[bit // _OCTET_BITS] |= 0x80 >> bit % _OCTET_BITS
        return Data(there.type, BitString(width, bytes(octets)))
    size = _UNSIGNED.get(there.type)
    if size is None or highest >= size:
        raise Inconclusive(f"the filter is {there}, due are bits or a number without sign", missing="declaration")
    return Data(there.type, sum(1 << bit for bit in set(bits)))
