"""The seam for ciphering: what happens to an APDU between the services and the link."""

from typing import Protocol

__all__ = ["PlainProtection", "Protection"]


class Protection(Protocol):
    """Protects and unprotects initiate APDUs, xDLMS APDUs and the content of a release."""

    @property
    def overhead_octets(self) -> int:
        """How much longer a protected APDU may be; blocks are made shorter by this."""

    def protect(self, apdu: bytes) -> bytes:
        """Give the APDU as it goes to the client."""

    def unprotect(self, apdu: bytes) -> bytes | None:
        """Give the plain APDU; ``None`` when it is to be discarded without an answer."""


class PlainProtection:
    """No ciphering."""

    overhead_octets = 0

    def protect(self, apdu: bytes) -> bytes:
        """Give the APDU unchanged."""
        return apdu

    def unprotect(self, apdu: bytes) -> bytes | None:
        """Give the APDU unchanged."""
        return apdu
