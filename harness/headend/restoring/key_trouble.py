"""Key transfers that a device must not carry out, and the keys that it must have given up."""

from collections.abc import Callable, Mapping

from harness.headend.restoring.key_transfer import KEY_IDS, KEY_TRANSFER, KeyTransfer, transfer_parameter
from harness.protocol import apdu as xdlms
from harness.protocol import axdr, cosem

__all__ = ["WRONG_WRAPPINGS", "transfer_request", "wrongly_wrapped"]

_INVOKE = 0x41

_NO_KEY = 99
"""A number that stands for no key in any version of the class."""

# Only the broadcast key is tried: a device that takes it wrongly can still be reached and given the right one again.
_KEY = "broadcast_key"


def _under_another_key(transfer: KeyTransfer) -> axdr.Data:
    key = transfer.declared_key(_KEY)
    master = transfer.declared_key("master_key")
    return transfer.wrapped({_KEY: key}, master_key=bytes(octet ^ 0xFF for octet in master)).parameter


def _of_half_the_length(transfer: KeyTransfer) -> axdr.Data:
    key = transfer.declared_key(_KEY)
    # AES key wrap takes 16 octets and more: half of a key of 16 octets is sent as one of 24.
    other = key[: len(key) // 2] if len(key) > 16 else key + key[:8]
    return transfer.wrapped({_KEY: other}).parameter


def _with_one_bit_changed(transfer: KeyTransfer) -> axdr.Data:
    octets = transfer.wrapped_octets(transfer.declared_key(_KEY))
    return transfer_parameter([(int(KEY_IDS[_KEY]), octets[:-1] + bytes((octets[-1] ^ 0x01,)))])


def _not_wrapped(transfer: KeyTransfer) -> axdr.Data:
    return transfer_parameter([(int(KEY_IDS[_KEY]), transfer.declared_key(_KEY))])


def _under_no_number(transfer: KeyTransfer) -> axdr.Data:
    return transfer_parameter([(_NO_KEY, transfer.wrapped_octets(transfer.declared_key(_KEY)))])


WRONG_WRAPPINGS: Mapping[str, Callable[[KeyTransfer], axdr.Data]] = {
    "wrapped under another key": _under_another_key,
    "of another length": _of_half_the_length,
    "with one bit changed": _with_one_bit_changed,
    "under a number that names none": _under_no_number,
    "as it is, not wrapped": _not_wrapped,
}
"""What is wrong, in words, and the parameter of the key transfer."""


def transfer_request(transfer: KeyTransfer, parameter: axdr.Data) -> bytes:
    """Return the octets of a key transfer with this parameter."""
    method = xdlms.MethodDescriptor(transfer.setup.class_id, cosem.obis(transfer.setup.obis), KEY_TRANSFER)
    octets = axdr.encode(parameter)
    return xdlms.ActionRequestNormal(invoke=_INVOKE, method=method, parameter=octets).to_bytes()


def wrongly_wrapped(transfer: KeyTransfer, how: str) -> axdr.Data:
    """Return the parameter of a key transfer that is wrong in one way; the key in it is the declared broadcast key."""
    return WRONG_WRAPPINGS[how](transfer)
