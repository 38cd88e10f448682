"""The way through a gateway to a device behind it."""

from typing import Annotated

from pydantic import AfterValidator, Field

from harness.declaration.section import Section, spelled

__all__ = ["HexAddress", "Through"]

_ADDRESS = 'octets in hexadecimal, such as "0203"'
HexAddress = Annotated[str, AfterValidator(spelled("(?:[0-9A-Fa-f]{2}){0,255}", _ADDRESS)), Field(description=_ADDRESS)]


class Through(Section):
    """What stands in the prefix of each APDU."""

    network: Annotated[int, Field(ge=0, le=0xFF)] = 0
    """Network id."""
    address: HexAddress
    """Physical address of the device."""

    @property
    def octets(self) -> bytes:
        """The address as it stands in the prefix."""
        return bytes.fromhex(self.address)
