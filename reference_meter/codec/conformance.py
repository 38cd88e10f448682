"""The conformance block: 24 bits, bit 0 is the most significant one of the first octet."""

__all__ = [
    "ACCESS",
    "ACTION",
    "BLOCK_ACTION",
    "BLOCK_GET",
    "BLOCK_SET",
    "DATA_NOTIFICATION",
    "EVENT_NOTIFICATION",
    "GENERAL_BLOCK_TRANSFER",
    "GENERAL_PROTECTION",
    "GET",
    "MULTIPLE_REFERENCES",
    "PRIORITY",
    "SELECTIVE_ACCESS",
    "SET",
    "mask",
]


def mask(*bits: int) -> int:
    """Give the 24 bit number in which exactly these bits are set."""
    value = 0
    for bit in bits:
        if not 0 <= bit <= 23:
            raise ValueError(f"conformance bit {bit} is not within 0..23")
        value |= 1 << (23 - bit)
    return value


GENERAL_PROTECTION = mask(1)
GENERAL_BLOCK_TRANSFER = mask(2)
PRIORITY = mask(9)
BLOCK_GET = mask(11)
BLOCK_SET = mask(12)
BLOCK_ACTION = mask(13)
MULTIPLE_REFERENCES = mask(14)
DATA_NOTIFICATION = mask(16)
ACCESS = mask(17)
GET = mask(19)
SET = mask(20)
SELECTIVE_ACCESS = mask(21)
EVENT_NOTIFICATION = mask(22)
ACTION = mask(23)
