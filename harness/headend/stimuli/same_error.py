"""The same error met in two ways: alone and in a list, in one request and in blocks; one register at several doors."""

from dataclasses import dataclass
from typing import Final

from harness.declaration import CosemObject
from harness.errors import NotApplicable, Refused
from harness.headend.client import Client, item
from harness.headend.head_end import HeadEnd
from harness.headend.stimuli.provoke import Provoked, provoke
from harness.headend.stimuli.service_stimuli import Stimuli
from harness.headend.stimuli.stimulus import answered, clients_at, in_association, raise_if_missing
from harness.protocol import apdu as xdlms
from harness.protocol import axdr
from harness.protocol.answer_name import answer_names, result_name
from harness.protocol.apdu import Conformance

__all__ = ["WAYS", "TwoWays", "met_in_two_ways", "read_at"]

_VALUE: Final = 2
_LONG_TEXT: Final = axdr.encode(axdr.Data(axdr.DataType.OCTET_STRING, bytes(16)))


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoWays:
    """The answers to one error that was met in two ways."""

    first: str
    second: str
    frame: int


def alone_and_in_list(client: Client, stimuli: Stimuli) -> tuple[Provoked, str]:
    """Read an unknown object alone, and as the second of a list; return the reaction and the second item's result."""
    unknown = item(stimuli.unknown(client), _VALUE)
    alone = _get(client, xdlms.GetRequestNormal(invoke=0x41, attribute=unknown[0]))
    wanted = (item(stimuli.probe, _VALUE), unknown)
    listed = _get(client, xdlms.GetRequestWithList(invoke=0x42, items=wanted))
    answer = listed.received.answer if listed.received else None
    if isinstance(answer, xdlms.GetResponseWithList) and len(answer.items) == len(wanted):
        second = answer.items[1]
        return alone, result_name(second) if isinstance(second, int) else "data"
    raise_if_missing(listed)
    return alone, listed.name


def _get(client: Client, request: xdlms.GetRequestNormal | xdlms.GetRequestWithList) -> Provoked:
    return provoke(client.conversation, request.to_bytes(), request.invoke)


def alone_and_in_blocks(client: Client, stimuli: Stimuli) -> tuple[Provoked, str]:
    """Write an unknown object in one request and in two blocks; return both reactions."""
    target = item(stimuli.unknown(client), _VALUE)[0]
    invoke = client.services.next_invoke()
    whole = xdlms.SetRequestNormal(invoke=invoke, attribute=target, data=_LONG_TEXT)
    alone = provoke(client.conversation, whole.to_bytes(), invoke)
    invoke = client.services.next_invoke()
    first = xdlms.SetRequestWithFirstDatablock(
        invoke=invoke, attribute=target, last=False, block_number=1, raw=_LONG_TEXT[:4]
    )
    begun = provoke(client.conversation, first.to_bytes(), invoke)
    answer = begun.received.answer if begun.received else None
    raise_if_missing(begun)
    if answer is None or answer_names(answer):
        return alone, begun.name
    last = xdlms.SetRequestWithDatablock(invoke=invoke, last=True, block_number=2, raw=_LONG_TEXT[4:])
    ended = provoke(client.conversation, last.to_bytes(), invoke)
    raise_if_missing(ended)
    return alone, ended.name


WAYS: Final = {
    "alone and in a list": (Conformance.GET | Conformance.MULTIPLE_REFERENCES, alone_and_in_list),
    "in one request and in blocks": (Conformance.SET | Conformance.BLOCK_SET, alone_and_in_blocks),
}
"""The two ways -> what must have been agreed on for them, and how it is done."""


def met_in_two_ways(head_end: HeadEnd, ways: str) -> TwoWays:
    """Ask for an unknown object in both ways of ``WAYS``; raises ``NotApplicable`` where the device offers one only."""
    needed, both = WAYS[ways]
    stimuli = Stimuli(head_end.declaration)
    seconds: list[str] = []

    def send(client: Client) -> Provoked:
        first, second = both(client, stimuli)
        seconds.append(second)
        return first

    attempt = in_association(head_end, send, candidates=clients_at(head_end), service=needed)
    first = answered(head_end, f"an unknown object {ways}", attempt, ())
    return TwoWays(first=first.name, second=seconds[-1], frame=first.frame)


def read_at(head_end: HeadEnd, target: CosemObject) -> axdr.Data:
    """Associate at a door, read a register and release; raises ``NotApplicable`` where no client there may read it."""
    refused: Refused | None = None
    for declared in clients_at(head_end):
        client = head_end.associate_declared(declared)
        try:
            if client.association.negotiated.conformance & Conformance.GET:
                return client.read(item(target, _VALUE))
        except Refused as no:
            refused = no
        finally:
            client.close()
    raise NotApplicable(f"no client reads {target.obis} at door {head_end.door.id}: {refused}", item="associations")
