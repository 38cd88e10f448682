"""Pure comparisons of what is declared, announced and observed; each gives rows and decides nothing else."""

from collections.abc import Iterable

from harness.declaration import Declaration, Door
from harness.review.comparing.associations import compare_associations
from harness.review.comparing.identity import compare_identity
from harness.review.comparing.line import compare_line
from harness.review.comparing.objects import compare_objects
from harness.review.comparing.profiles import compare_profiles
from harness.review.comparing.times import compare_clock
from harness.review.fact import DoorFacts, Row
from harness.review.traffic import DoorTraffic

__all__ = ["compare"]


def compare(declaration: Declaration, door: Door, facts: DoorFacts | None, traffic: DoorTraffic) -> Iterable[Row]:
    """Yield all rows of one door; without ``facts`` those alone that its traffic gives."""
    if facts is not None:
        yield Row(
            door=door.id,
            topic="door",
            item="reached",
            declared=door.url,
            announced="no" if facts.problem else "yes",
            agrees=None if facts.problem else True,
            note=facts.problem,
        )
    if facts is not None and not facts.problem and door.speaks_dlms:
        yield from compare_associations(declaration, door, facts)
        yield from compare_identity(declaration, facts)
        yield from compare_clock(declaration, facts)
        yield from compare_objects(declaration, facts)
        yield from compare_profiles(declaration, facts)
    yield from compare_line(door, facts or DoorFacts(door=door.id), traffic)
