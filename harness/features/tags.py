"""Tags: which there are, and what a scenario's tags say together."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from harness.catalogue import EFFECTS, Catalogue
from harness.catalogue.toml_file import quoted, suggestion

__all__ = ["DOOR_PROTOCOLS", "TagReading", "read_tags"]

DOOR_PROTOCOLS = ("wrapper", "hdlc", "iec62056_21", "mbus", "p1", "han", "push")
"""What can stand after ``@door.``."""

# pytest and pytest-bdd give these marks a meaning of their own: @skip would skip the scenario for good.
_RESERVED = ("skip", "skipif", "xfail", "parametrize", "usefixtures", "filterwarnings")
_PLAIN = ("positive", "negative", "selfcheck", "silence", "clock_judged")
_ITEM = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class TagReading:
    """The tags of one scenario by family, and what is wrong with them."""

    clauses: tuple[str, ...]
    plain: frozenset[str]
    effects: tuple[str, ...]
    doors: tuple[str, ...]
    needs: tuple[str, ...]
    problems: tuple[str, ...]


def read_tags(tags: Sequence[str], catalogue: Catalogue, needs: Collection[str] | None) -> TagReading:
    """Sort tags into families; ``needs``: the known items, or None to check their form only."""
    reading = TagReading(
        clauses=tuple(tag for tag in tags if tag in catalogue.clauses),
        plain=frozenset(tags) & set(_PLAIN),
        effects=_after("effect.", tags),
        doors=_after("door.", tags),
        needs=_after("needs.", tags),
        problems=(),
    )
    problems = [problem for tag in tags for problem in _tag_problems(tag, catalogue, needs)]
    problems += [f"@{tag} stands here twice" for tag in dict.fromkeys(tags) if tags.count(tag) > 1]
    problems += _missing(reading)
    problems += _self_check_problems(reading, catalogue)
    return TagReading(
        clauses=reading.clauses,
        plain=reading.plain,
        effects=reading.effects,
        doors=reading.doors,
        needs=reading.needs,
        problems=tuple(problems),
    )


def _after(prefix: str, tags: Sequence[str]) -> tuple[str, ...]:
    return tuple(tag.removeprefix(prefix) for tag in tags if tag.startswith(prefix))


def _tag_problems(tag: str, catalogue: Catalogue, needs: Collection[str] | None) -> Iterator[str]:
    family, dot, value = tag.partition(".")
    if tag in catalogue.clauses or tag in _PLAIN:
        return
    if catalogue.is_known(tag):
        clauses = quoted([f"@{clause}" for clause in catalogue.clauses_of(tag)])
        yield f"@{tag} is a requirement with clauses of its own; tag one of them: {clauses}"
    elif tag in _RESERVED or tag.startswith("_"):
        yield f"@{tag} means something to pytest itself and must not be used"
    elif dot and family == "effect":
        if value not in EFFECTS:
            yield f"@{tag}: unknown effect{suggestion(value, EFFECTS)}; allowed: {quoted(EFFECTS)}"
    elif dot and family == "door":
        if value not in DOOR_PROTOCOLS:
            yield f"@{tag}: unknown protocol; allowed: {quoted(DOOR_PROTOCOLS)}"
    elif dot and family == "needs":
        yield from _need_problems(value, needs)
    else:
        yield (
            f"@{tag} is unknown{suggestion(tag, list(catalogue.clauses))}; allowed: ids of the catalogue, "
            "@positive, @negative, @selfcheck, @silence, @clock_judged, @effect.x, @door.x, @needs.x"
        )


def _need_problems(item: str, needs: Collection[str] | None) -> Iterator[str]:
    if needs is None:
        if not _ITEM.fullmatch(item):
            yield f"@needs.{item}: an item is written in small letters, digits and underscores"
    elif item not in needs:
        known = sorted(needs)
        yield f"@needs.{item}: unknown item{suggestion(item, known)}; allowed: {quoted(known)}"


def _missing(reading: TagReading) -> Iterator[str]:
    if not reading.clauses:
        yield "no requirement tag: say which clause it tests, like @TR-Conf.08a or @SU3.step2"
    if len(reading.plain & {"positive", "negative"}) != 1:
        yield "needs exactly one of @positive and @negative"
    if not reading.effects:
        yield "no effect tag: say what it does to a device, like @effect.reads"


def _self_check_problems(reading: TagReading, catalogue: Catalogue) -> Iterator[str]:
    """The device must not get a verdict for a step it has no part in, nor the head end for the device's."""
    for name in reading.clauses:
        clause = catalogue.clauses[name]
        if "selfcheck" in reading.plain:
            if not (clause.self_check or clause.self_check_part):
                yield f"@{name} is judged on the device, so it does not go with @selfcheck"
        elif clause.self_check:
            yield f"@{name} names no part of the device, so the scenario needs @selfcheck"
