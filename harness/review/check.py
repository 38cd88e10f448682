"""``conformeter check``: the composition of survey, comparison and funnel, and what becomes of them."""

import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from harness.catalogue import Catalogue
from harness.checks.invariants import INVARIANTS, Traffic
from harness.declaration import Declaration, check_answers, check_ceilings, load_declaration
from harness.errors import ConformeterError, UsageError
from harness.evidence.secret_search import search_for_secrets
from harness.evidence.trace import read_trace
from harness.headend.declared_keys import check_keys
from harness.report.run_folder import RunFolder
from harness.review.comparing import compare
from harness.review.cost import packaged_costs
from harness.review.estimate import Span, Wait, baud_of, reckoned, waits
from harness.review.fact import DoorFacts, Row
from harness.review.funnel import Fated, fates
from harness.review.survey import Surveyor
from harness.review.traffic import DoorTraffic, fold_traffic
from harness.run.exit_code import ExitCode
from harness.run.items import Choice, known_ids
from harness.run.lab_process import prepared_lab
from harness.run.restore import lasting_state
from harness.run.run import Run
from harness.run.sides import SIDES
from harness.run.suite import Suite, load_suite

__all__ = ["CheckSettings", "Review", "review"]

_KEY = "check"
Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckSettings:
    """What ``conformeter check`` was asked for."""

    declaration: Path
    out: Path
    doors: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    offline: bool = False
    """The device is not asked."""
    traffic: Path | None = None
    """A run folder whose traffic is looked at instead of, or besides, the review's own."""
    limit_s: float = 600.0


@dataclass(kw_only=True)
class Review:
    """All that a check finds."""

    declaration: Declaration
    catalogue: Catalogue
    rows: list[Row] = field(default_factory=list)
    items: list[Fated] = field(default_factory=list)
    spans: dict[str, Span] = field(default_factory=dict)
    unmeasured: int = 0
    waits: list[Wait] = field(default_factory=list)
    folder: Path | None = None
    """Where the trace of the survey is."""
    incomplete: list[str] = field(default_factory=list)
    """What could not be asked."""
    leaks: list[str] = field(default_factory=list)

    @property
    def disagreements(self) -> list[Row]:
        """The rows in which the columns contradict each other."""
        return [row for row in self.rows if row.agrees is False]

    @property
    def exit_code(self) -> ExitCode:
        """1 where something disagrees, 2 where the device was not reached or not asked for everything."""
        if self.disagreements:
            return ExitCode.FAIL
        return ExitCode.OPEN if self.incomplete or self.leaks else ExitCode.NOTHING_OPEN


def review(settings: CheckSettings, tell: Tell) -> Review:
    """Validate the declaration, survey the device as far as it is asked for, and reckon what a run would do."""
    suite = load_suite()
    declaration = _valid(settings.declaration, suite)
    choice = Choice(only=settings.only, doors=settings.doors, ceiling=declaration.effects.allowed)
    choice.check(known_ids(suite.catalogue, suite.scenarios), [door.id for door in declaration.doors])
    found = Review(declaration=declaration, catalogue=suite.catalogue)
    traffics: dict[str, DoorTraffic] = {}
    if settings.traffic is not None:
        traffics = _recorded(found, RunFolder.open(settings.traffic), suite)
    if not settings.offline:
        traffics |= _surveyed(found, settings, suite, tell)
    found.items = list(fates(suite.scenarios, declaration, suite.catalogue, choice, packaged_costs()))
    typical_s = {door: traffic.typical_s for door, traffic in traffics.items() if traffic.answers}
    found.spans, found.unmeasured = reckoned(found.items, declaration, typical_s)
    found.waits = waits(found.items, declaration)
    return found


def _valid(path: Path, suite: Suite) -> Declaration:
    declaration = load_declaration(path)
    if declaration.redacted:
        raise UsageError(f"{path}: its secrets are withheld, as in a run folder; check takes the declaration itself")
    check_answers(declaration, suite.catalogue.conditions)
    check_ceilings(declaration, {one.id: one.value for one in suite.catalogue.answers.ceiling})
    return declaration


def _recorded(found: Review, folder: RunFolder, suite: Suite) -> dict[str, DoorTraffic]:
    """Take what the traffic of a recorded run shows; times that it was spoilt for are in its verdicts."""
    protocols = {door.id: door.protocol for door in found.declaration.doors}
    traffics = _folded(found, folder.trace)
    traffics = {door: traffic for door, traffic in traffics.items() if traffic.answers}
    if not traffics:
        raise UsageError(
            f"--traffic {folder.path}: no answer at a declared door; the declaration has {', '.join(protocols)}"
        )
    for door, traffic in traffics.items():
        found.rows += compare(found.declaration, found.declaration.door(door), None, traffic)
    found.rows += _invariants(found, folder.trace, suite, list(traffics))
    return traffics


def _surveyed(found: Review, settings: CheckSettings, suite: Suite, tell: Tell) -> dict[str, DoorTraffic]:
    octets = [secret.reveal() for _, secret in found.declaration.secrets()]
    now = datetime.now().astimezone()
    check_keys(found.declaration, now)
    folder = settings.out / f"{now:%Y%m%dT%H%M%S}-{found.declaration.identity.name}-check"
    try:
        folder.mkdir(parents=True)
    except OSError as error:
        raise UsageError(f"{folder}: cannot be made: {error.strerror}; choose another folder with --out") from error
    found.folder = folder
    with prepared_lab(found.declaration) as ready:
        run = Run(
            declaration=ready,
            catalogue=suite.catalogue,
            trace_path=folder / "trace.jsonl",
            keep=lambda result: None,
            state=lasting_state(ready),
        )
        try:
            facts = _ask(found, settings, run, tell)
        except BaseException:
            run.close()
            shutil.rmtree(folder)
            raise
        octets += run.keys.secrets
        run.close()
    traffics = _folded(found, run.trace.path)
    for door_id, told in facts.items():
        door = found.declaration.door(door_id)
        found.rows += compare(found.declaration, door, told, traffics[door_id])
        if not told.is_whole:
            found.incomplete.append(f"door {door_id}: {told.problem or 'not everything was answered'}")
    found.rows += _invariants(found, run.trace.path, suite, [door for door in facts if not facts[door].problem])
    found.leaks = search_for_secrets(folder, octets)
    return traffics


def _folded(found: Review, trace: Path) -> dict[str, DoorTraffic]:
    doors = found.declaration.doors
    bauds = {door.id: baud_of(door) for door in doors}
    return fold_traffic(read_trace(trace), {door.id: door.protocol for door in doors}, bauds)


def _ask(found: Review, settings: CheckSettings, run: Run, tell: Tell) -> dict[str, DoorFacts]:
    """Go from door to door; Ctrl-C ends that and keeps what is known."""
    began = time.monotonic()
    surveyor = Surveyor(
        run.declaration,
        lambda door: run.head_end(door, clause=_KEY),
        tell=tell,
        may_go_on=lambda: time.monotonic() - began < settings.limit_s,
    )
    facts: dict[str, DoorFacts] = {}
    try:
        for door in run.declaration.doors:
            if settings.doors and door.id not in settings.doors:
                continue
            run.trace.begin(f"{_KEY}@{door.id}")
            run.trace.begin_step("the device is asked what it announces")
            facts[door.id] = surveyor.survey(door) if door.speaks_dlms else _reached(run, door.id, tell)
    except KeyboardInterrupt:
        found.incomplete.append("stopped by the operator")
    return facts


def _reached(run: Run, door_id: str, tell: Tell) -> DoorFacts:
    """See whether a device answers at a door without associations."""
    tell(f"door {door_id}")
    door = run.declaration.door(door_id)
    facts = DoorFacts(door=door_id)
    side = SIDES[door.protocol](run.place(door, _KEY))
    try:
        if not side.answers():
            facts.problem = side.last_failure or "no good exchange"
    except ConformeterError as error:
        facts.problem = str(error)
    finally:
        side.close_all()
    return facts


def _invariants(found: Review, trace: Path, suite: Suite, doors: Sequence[str]) -> Iterator[Row]:
    """Yield what the traffic breaks of the rules that hold in all traffic."""
    traffic = Traffic(INVARIANTS, suite.catalogue.known_answer)
    for record in read_trace(trace):
        traffic.take(record)
    for invariant in INVARIANTS:
        for door in doors:
            if invariant.of_answers is not None or invariant.of_secrets:
                continue
            broken, seen = traffic.judged(invariant, door)
            if broken is not None:
                note = f"expected {broken.breach.expected} ({invariant.id})"
                yield Row(
                    door=door, topic="traffic", item=invariant.title, observed=broken.breach.observed, agrees=False,
                    note=note, frame=broken.frame,
                )  # fmt: skip
            elif seen:
                yield Row(door=door, topic="traffic", item=invariant.title, observed=f"holds ({seen})", agrees=True)
