"""The protection layer: what is done to an APDU before it goes to the route."""

from typing import Protocol

__all__ = ["NoProtection", "Protection"]


class Protection(Protocol):
    """Protects APDUs on the way out and checks them on the way in.

    It is asked for the InitiateRequest inside AARQ, for every xDLMS APDU after the block split and before
    general block transfer, and for the user information of RLRQ.
    """

    overhead_octets: int
    """What protecting adds to an APDU at most; the block splitter leaves room for it."""

    key_name: str
    """Which keys protect, in a word that tells nothing of them; empty where nothing is ciphered."""

    def protect(self, apdu: bytes) -> bytes:
        """Return the protected APDU."""

    def unprotect(self, octets: bytes) -> bytes:
        """Return the plain APDU; raises ``ProtocolViolation`` when the protection does not hold."""


class NoProtection:
    """Nothing is ciphered."""

    overhead_octets = 0
    key_name = ""

    def protect(self, apdu: bytes) -> bytes:
        """Return ``apdu`` itself."""
        return apdu

    def unprotect(self, octets: bytes) -> bytes:
        """Return ``octets`` itself."""
        return octets
