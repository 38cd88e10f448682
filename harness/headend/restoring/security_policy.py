"""What the device's own security policy demands of requests, as its security setup tells."""

from harness.declaration import CosemObject, Declaration
from harness.errors import DeviceError
from harness.headend.client import Client, item
from harness.protocol.security import AUTHENTICATED, ENCRYPTED

__all__ = ["demanded_of_requests"]

_POLICY = 2
_HIGHEST_OF_VERSION_0 = 3
_REQUESTS_SHIFT = 2
"""Version 1 has requests in bits 2 (authentication) and 3 (encryption); in the control octet they are bits 4 and 5."""


def demanded_of_requests(client: Client, declaration: Declaration) -> int | None:
    """Return the bits of the security control octet that requests must have; None where the device does not tell.

    Version 0 of the security setup numbers its policies 0 to 3, version 1 has a bit mask above them.
    """
    setup = declaration.object("security_setup")
    if not isinstance(setup, CosemObject):
        return None
    try:
        policy = client.read(item(setup, _POLICY)).value
    except DeviceError:
        return None
    if isinstance(policy, bool) or not isinstance(policy, int):
        return None
    if policy <= _HIGHEST_OF_VERSION_0:
        return policy << 4
    return policy << _REQUESTS_SHIFT & (AUTHENTICATED | ENCRYPTED)
