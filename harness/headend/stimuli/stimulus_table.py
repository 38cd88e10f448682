"""Every wrong request within an association by its name: who sends it, and what must have been agreed on for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from harness.declaration import AssociationDeclaration, AssociationRole
from harness.declaration.association import ConformanceName
from harness.errors import NotApplicable
from harness.headend.head_end import HeadEnd
from harness.headend.stimuli.service_stimuli import Stimuli
from harness.headend.stimuli.stimulus import Attempt, Send, clients_at, in_association
from harness.headend.stimuli.write_stimuli import WriteStimuli
from harness.protocol.apdu import Conformance

__all__ = ["SERVICE_STIMULI", "attempt_of"]

_READERS: Sequence[AssociationRole] = ("reading", "management", "other", "public")
_WRITERS: Sequence[AssociationRole] = ("management", "other", "reading")
_SMALL_ROOM_OCTETS: Final = 128
_LOW_LEVEL: Final = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """How one stimulus is sent."""

    service: Conformance = Conformance.GET
    roles: Sequence[AssociationRole] = _READERS
    room_octets: int | None = None
    proposed: tuple[ConformanceName, ...] | None = None
    plain: bool = False
    """Only by clients without ciphering: what is sent has no ciphered form."""
    survives: bool = True
    """Whether the same association has to answer afterwards; else a new one must."""


_GET, _SET, _ACTION = Conformance.GET, Conformance.SET, Conformance.ACTION
_NONE: Final = Conformance(0)
SERVICE_STIMULI: Final[Mapping[str, _Row]] = {
    "unknown-object": _Row(),
    "wrong-class": _Row(),
    "unknown-attribute": _Row(),
    "no-read-right": _Row(),
    "selection-unsupported": _Row(service=_GET | Conformance.SELECTIVE_ACCESS),
    "selector-unknown": _Row(service=_GET | Conformance.SELECTIVE_ACCESS),
    "get-next": _Row(service=_GET | Conformance.BLOCK_GET),
    "get-block-wrong": _Row(service=_GET | Conformance.BLOCK_GET, room_octets=_SMALL_ROOM_OCTETS),
    "set-unknown-object": _Row(service=_SET),
    "set-without-first": _Row(service=_SET | Conformance.BLOCK_SET),
    "unknown-object-method": _Row(service=_ACTION),
    "unknown-method": _Row(service=_ACTION),
    "action-next": _Row(service=_ACTION | Conformance.BLOCK_ACTION),
    "action-block-wrong": _Row(service=_ACTION | Conformance.BLOCK_ACTION),
    "get-without-service": _Row(service=_NONE, proposed=("SET", "ACTION"), survives=False),
    "set-without-service": _Row(service=_NONE, proposed=("GET",), survives=False),
    "action-without-service": _Row(service=_NONE, proposed=("GET",), survives=False),
    "service-unknown": _Row(service=_NONE, plain=True, survives=False),
    "get-choice": _Row(),
    "get-cut-short": _Row(),
    "set-choice": _Row(service=_SET),
    "action-choice": _Row(service=_ACTION),
    "too-long": _Row(survives=False),
    "no-write-right": _Row(service=_GET | _SET),
    "wrong-type": _Row(service=_GET | _SET, roles=_WRITERS),
    "out-of-range": _Row(service=_GET | _SET, roles=_WRITERS),
    "set-block-wrong": _Row(service=_GET | _SET | Conformance.BLOCK_SET, roles=_WRITERS),
}
"""What is wrong -> how it is sent."""


def attempt_of(
    name: str,
    head_end: HeadEnd,
    stimuli: Stimuli,
    writes: WriteStimuli,
    *,
    candidates: Sequence[AssociationDeclaration] | None = None,
) -> Attempt:
    """Return the attempt to send a stimulus of the table; ``candidates`` in place of the clients that fit it best.

    ``ValueError`` for a name that is not in the table.
    """
    if name not in SERVICE_STIMULI:
        raise ValueError(f"unknown stimulus {name!r}; known are {', '.join(SERVICE_STIMULI)}")
    row = SERVICE_STIMULI[name]
    able = list(candidates or clients_at(head_end, row.roles))
    if row.plain:
        able = [one for one in able if not one.ciphered or "GENERAL_PROTECTION" in one.conformance]
        if not able:
            raise NotApplicable(
                "every client of this door has to cipher it, and it has no form for that", item="associations"
            )
        able.sort(key=lambda one: one.ciphered)
    proposed = row.proposed
    if proposed is not None:
        # Who answers a challenge needs ACTION for it and cannot do without.
        able.sort(key=lambda one: one.mechanism_id > _LOW_LEVEL)
    return in_association(
        head_end,
        _sender(name, stimuli, writes),
        candidates=able,
        service=row.service,
        propose=None if proposed is None else lambda declared: _proposing(declared, proposed),
        max_receive_pdu_size=row.room_octets,
        survives=row.survives,
    )


def _proposing(declared: AssociationDeclaration, names: tuple[ConformanceName, ...]) -> AssociationDeclaration:
    """Return the client with this proposal, and with what it needs to associate and to be protected at all."""
    needed: list[ConformanceName] = []
    if declared.mechanism_id > _LOW_LEVEL:
        needed.append("ACTION")
    needed += [name for name in declared.conformance if name == "GENERAL_PROTECTION"]
    return declared.model_copy(update={"conformance": tuple(dict.fromkeys([*names, *needed]))})


def _sender(name: str, stimuli: Stimuli, writes: WriteStimuli) -> Send:
    senders: dict[str, Send] = {
        "unknown-object": stimuli.unknown_object,
        "wrong-class": stimuli.wrong_class,
        "unknown-attribute": stimuli.unknown_attribute,
        "no-read-right": stimuli.no_read_right,
        "selection-unsupported": stimuli.selection_unsupported,
        "selector-unknown": stimuli.selector_unknown,
        "get-next": stimuli.get_next,
        "get-block-wrong": stimuli.get_block_wrong,
        "set-unknown-object": stimuli.set_unknown_object,
        "set-without-first": stimuli.set_without_first,
        "unknown-object-method": stimuli.unknown_object_method,
        "unknown-method": stimuli.unknown_method,
        "action-next": stimuli.action_next,
        "action-block-wrong": stimuli.action_block_wrong,
        "get-without-service": stimuli.get_without_service,
        "set-without-service": stimuli.set_without_service,
        "action-without-service": stimuli.action_without_service,
        "service-unknown": stimuli.service_unknown,
        "get-choice": stimuli.get_choice,
        "get-cut-short": stimuli.get_cut_short,
        "set-choice": stimuli.set_choice,
        "action-choice": stimuli.action_choice,
        "too-long": stimuli.too_long,
        "no-write-right": writes.no_write_right,
        "wrong-type": writes.wrong_type,
        "out-of-range": writes.out_of_range,
        "set-block-wrong": writes.block_wrong,
    }
    return senders[name]
