"""What the messages of GET, SET and ACTION have in common: head, blocks and their one-line texts."""

from harness.protocol.apdu.reader import Reader, push_boolean, push_octets

__all__ = ["block_text", "head_text", "pull_block", "push_block", "size_text"]


def head_text(name: str, invoke: int) -> str:
    """Return ``get-request-normal id 1``."""
    return f"{name} id {invoke & 0x0F}"


def size_text(octets: bytes) -> str:
    """Return the size of a value or block for people."""
    return f"{len(octets)} octet" if len(octets) == 1 else f"{len(octets)} octets"


def pull_block(reader: Reader) -> tuple[bool, int, bytes]:
    """Read last-block flag, block number and octets of a block that SET or ACTION carries."""
    return reader.boolean(), reader.unsigned(4), reader.octet_string()


def push_block(last: bool, block_number: int, raw: bytes) -> bytes:
    """Return last-block flag, block number and octets."""
    return push_boolean(last) + block_number.to_bytes(4, "big") + push_octets(raw)


def block_text(last: bool, block_number: int, raw: bytes) -> str:
    """Return ``block 3, the last, 12 octets``."""
    return f"block {block_number}{', the last' if last else ''}, {size_text(raw)}"
