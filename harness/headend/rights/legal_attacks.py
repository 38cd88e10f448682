"""Attempts upon the legally relevant part, by every path that there is."""

from collections.abc import Callable, Sequence
from typing import Final

from harness.checks.access import CARRIED_OUT, Tally, attempt_refused
from harness.declaration import CosemObject
from harness.headend.client import Client, item
from harness.headend.rights.access_sweep import INVOKING, WRITING, Access, Aim, Conditions, Rights, refusals
from harness.headend.rights.legal_part import LegalAttribute, other_value
from harness.headend.rights.write_paths import (
    UNANSWERED,
    WritePath,
    attempt_action,
    attempt_write,
    fits,
    is_open,
    wrong_type,
)
from harness.headend.rights.write_sweep import Values
from harness.protocol import apdu as xdlms
from harness.protocol import axdr, cosem

__all__ = [
    "Chosen",
    "attack_by_methods",
    "attack_by_writes",
    "broadcast_request",
    "harmful",
    "harmless",
    "put_back",
    "send_unasked",
]

Chosen = Callable[[LegalAttribute, bytes], bytes | None]
"""The octets to write in place of those that are there; None where there are none."""

_PARAMETERS: Final = (
    axdr.encode(axdr.Data(axdr.DataType.BOOLEAN, False)),
    axdr.encode(axdr.Data(axdr.DataType.INTEGER, 0)),
)
"""Of a wrong type first."""
_UNCONFIRMED_INVOKE: Final = 1


def harmless(one: LegalAttribute, octets: bytes) -> bytes | None:
    """Of what counts a value of a wrong type, of what is constant the value that is there."""
    return wrong_type(octets) if one.counting else octets


def harmful(one: LegalAttribute, octets: bytes) -> bytes | None:
    """Another value of the right type."""
    return other_value(octets, counting=one.counting)


def attack_by_writes(
    client: Client,
    path: WritePath,
    wanted: Sequence[LegalAttribute],
    state: Values,
    rights: Rights,
    *,
    chosen: Chosen,
    accepted: Access,
) -> Tally:
    """Try to write every attribute by one path; each has to be refused."""
    tally = Tally(what=f"{path} by client {client.declared.id}")
    if not is_open(client, path):
        tally.skip("service not negotiated", len(wanted))
        return tally
    for one in wanted:
        octets = chosen(one, state[one.key]) if one.key in state else None
        if octets is None or not fits(client, octets):
            tally.skip("no value that could be written")
            continue
        descriptor = xdlms.AttributeDescriptor(one.target.class_id, cosem.obis(one.target.obis), one.number)
        got = attempt_write(client, path, descriptor, octets)
        if got.name == UNANSWERED:
            tally.take(None, got.frame)
            continue
        answers = _refusals(client, rights, WRITING, one.target, one.number, accepted)
        tally.take(attempt_refused(f"{path} of {one}", got.name, answers), got.frame)
        if got.name == CARRIED_OUT and octets != state[one.key]:
            # What a defective device has let in is put back by the same way.
            attempt_write(client, path, descriptor, state[one.key])
    return tally


def put_back(client: Client, path: WritePath, spoiled: Sequence[tuple[LegalAttribute, bytes]]) -> None:
    """Write what was there before by the way that has changed it, where the client has that way."""
    if not is_open(client, path):
        return
    for one, octets in spoiled:
        if fits(client, octets):
            descriptor = xdlms.AttributeDescriptor(one.target.class_id, cosem.obis(one.target.obis), one.number)
            attempt_write(client, path, descriptor, octets)


def attack_by_methods(
    client: Client, wanted: Sequence[tuple[CosemObject, int]], rights: Rights, accepted: Access
) -> Tally:
    """Try to invoke every method, with a parameter of a wrong type and with a right one, also unconfirmed.

    Once one has been carried out the others are left alone: what they would clear cannot be put back.
    """
    tally = Tally(what=f"ACTION by client {client.declared.id}")
    done = False
    for target, number in wanted:
        if done:
            tally.skip("left alone, since another was carried out")
            continue
        descriptor = xdlms.MethodDescriptor(target.class_id, cosem.obis(target.obis), number)
        answers = _refusals(client, rights, INVOKING, target, number, accepted)
        for parameter in _PARAMETERS:
            got = attempt_action(client, descriptor, parameter)
            tally.take(attempt_refused(f"ACTION {target.obis} method {number}", got.name, answers), got.frame)
            done = got.name in CARRIED_OUT
            if done:
                break
        if done:
            continue
        client.services.send_unconfirmed_action(descriptor, _PARAMETERS[-1])
        client.keep_alive()
        if not client.is_associated:
            client.establish()
        tally.take(None, client.conversation.frame)
    return tally


def _refusals(
    client: Client, rights: Rights, conditions: Conditions, target: CosemObject, number: int, accepted: Access
) -> list[str]:
    known = rights.lists.get(client.declared.id)
    announced = known.find(target.class_id, target.obis) if known else None
    aim = Aim(target=target, number=number, announced=announced)
    service = xdlms.Conformance.ACTION if conditions is INVOKING else xdlms.Conformance.SET
    negotiated = bool(client.association.negotiated.conformance & service)
    listed: Sequence[int] = ()
    if announced is not None:
        listed = tuple(announced.methods if conditions is INVOKING else announced.attributes)
    return refusals(accepted, conditions, aim, listed, negotiated=negotiated)


def send_unasked(client: Client, one: LegalAttribute, octets: bytes) -> None:
    """Write as a client whose association is there without asking, which gets no answer."""
    client.send_unconfirmed_set(item(one.target, one.number), axdr.decode(octets))


def broadcast_request(one: LegalAttribute, octets: bytes) -> bytes:
    """Return the unconfirmed SET that goes to all stations."""
    descriptor = xdlms.AttributeDescriptor(one.target.class_id, cosem.obis(one.target.obis), one.number)
    return xdlms.SetRequestNormal(invoke=_UNCONFIRMED_INVOKE, attribute=descriptor, data=octets).to_bytes()
