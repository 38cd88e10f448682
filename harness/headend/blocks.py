"""Whether long answers and long values travel in blocks, as it was negotiated."""

from harness.headend.client import Client
from harness.protocol import apdu as xdlms

__all__ = ["selects_rows", "sends_blocks", "takes_blocks"]


def takes_blocks(client: Client) -> bool:
    """Whether long answers may come in blocks in the client's association."""
    return bool(client.association.negotiated.conformance & xdlms.Conformance.BLOCK_GET)


def sends_blocks(client: Client) -> bool:
    """Whether long values may be sent in blocks in the client's association."""
    return bool(client.association.negotiated.conformance & xdlms.Conformance.BLOCK_SET)


def selects_rows(client: Client) -> bool:
    """Whether rows may be selected in the client's association."""
    return bool(client.association.negotiated.conformance & xdlms.Conformance.SELECTIVE_ACCESS)
