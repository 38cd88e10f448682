"""What families of wrong notes have in common: changes that are silent, and notes of what was no change."""

from collections.abc import Callable, Collection
from typing import Any

from reference_meter.deviations.family import wrap
from reference_meter.meter import Meter
from reference_meter.model.objects import DataAccessResult
from reference_meter.server.association import Association

__all__ = ["note_change", "note_refusals", "note_same_value", "silence", "when_broken_off"]


def silence(meter: Meter, when: Callable[[], bool], *, counted: bool) -> None:
    """Let a change leave no entry where ``when`` holds; ``counted``: the counter goes on all the same."""
    audit = meter.model.parts.audit

    def changed(original: Callable[..., None], **named: object) -> None:
        if not when():
            original(**named)
            return
        meter.fire()
        if counted:
            audit.changes.number += 1

    wrap(audit, "changed", changed)


def note_change(meter: Meter, *, logged: bool, counted: bool) -> None:
    """Note a change that there was not, by an entry or by the counter."""
    if counted:
        meter.model.parts.audit.changes.number += 1
    if logged:
        meter.model.parts.logs.record("parameters_changed")
    meter.fire()


def note_refusals(
    meter: Meter, refusals: Collection[int], *, logged: bool, counted: bool, obis: bytes | None = None
) -> None:
    """Note writes that were refused with one of these results, of one object if it is named."""

    def write(original: Callable[..., int], *asked: Any) -> int:
        result = original(*asked)
        if result in refusals and obis in (None, asked[2]):
            note_change(meter, logged=logged, counted=counted)
        return result

    wrap(meter.model, "set", write)


def note_same_value(meter: Meter, *, logged: bool, counted: bool) -> None:
    """Note writes that were taken and have changed nothing."""
    audit = meter.model.parts.audit

    def write(original: Callable[..., int], *asked: Any) -> int:
        before = audit.changes.number
        result = original(*asked)
        if result == DataAccessResult.SUCCESS and audit.changes.number == before:
            note_change(meter, logged=logged, counted=counted)
        return result

    wrap(meter.model, "set", write)


def when_broken_off(meter: Meter, begun: Callable[[Association], bool], tell: Callable[[], None]) -> None:
    """Call ``tell`` for each link that ends while something has begun in an association of it."""
    associations = meter.server.associations

    def close_link(original: Callable[[int], None], link_id: int) -> None:
        broken = any(key.link_id == link_id and begun(one) for key, one in associations.open.items())
        original(link_id)
        if broken:
            tell()

    wrap(associations, "close_link", close_link)
