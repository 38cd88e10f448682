"""Keys and clients of a ciphered meter to play with; everybody may know them."""

from reference_meter.model.configuration import Client
from reference_meter.security.store import KeySet, SecuritySettings

__all__ = ["CIPHERED_CLIENTS", "TEST_SECURITY"]

_GMAC = 5

TEST_SECURITY = SecuritySettings(
    keys=KeySet(
        unicast=bytes.fromhex("000102030405060708090A0B0C0D0E0F"),
        broadcast=bytes.fromhex("0F0E0D0C0B0A09080706050403020100"),
        authentication=bytes.fromhex("D0D1D2D3D4D5D6D7D8D9DADBDCDDDEDF"),
        master=bytes.fromhex("101112131415161718191A1B1C1D1E1F"),
    ),
    system_title=bytes.fromhex("43464D0000000001"),
    client_system_title=bytes.fromhex("4845530000000001"),
)
"""Suite 0; requests and responses are authenticated and encrypted."""

CIPHERED_CLIENTS = (
    Client(sap=16, role="public"),
    Client(sap=2, role="reading", mechanism=_GMAC, ciphered=True),
    Client(sap=1, role="management", mechanism=_GMAC, ciphered=True),
)
"""The public client stays open, since others learn the invocation counter from it."""
