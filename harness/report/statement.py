"""The statement of conformity: what one whole and proved run says about one device, on one page."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from harness.catalogue import Catalogue
from harness.report.rollup import ClauseOutcome
from harness.report.run_folder import RunFolder
from harness.report.soundness import folder_reader, problems_of
from harness.report.summary import Summary
from harness.verdict import Verdict, worst

__all__ = ["NotTested", "RequirementLine", "Statement", "make_statement", "reasons_against"]

_JUDGED = frozenset({Verdict.PASS, Verdict.FAIL, Verdict.ERROR, Verdict.REVIEW, Verdict.INCONCLUSIVE})
_MOST_IDS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class RequirementLine:
    """One requirement."""

    id: str
    title: str
    verdict: Verdict
    """The worst of its clauses that were judged."""
    remark: str
    """Which clauses say what the verdict does not, or empty."""
    follows: bool
    """It is answered by the clauses of other requirements."""
    decided: str = ""
    """Where the verdict is REVIEW: ``conforms`` or ``breaks``, as people have decided; empty where one has not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotTested:
    """Clauses without a verdict that share a reason."""

    reason_class: str
    reason: str
    clauses: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """All that stands on the page."""

    headline: str
    outcome: str
    """The outcome in a sentence."""
    device: Mapping[str, str]
    run: Mapping[str, str]
    requirements: tuple[RequirementLine, ...]
    not_tested: tuple[NotTested, ...]
    answered_by_people: tuple[str, ...]
    """What a person decided or is still to decide, a line each."""
    remarks: tuple[str, ...]
    """What a reader must know besides."""


def reasons_against(run: Path) -> list[str]:
    """Return why there can be no statement about a run, a sentence each; none where there can be one."""
    read = folder_reader(run)
    reasons = problems_of(read)
    content = read("verdicts.json")
    if content is None or any(reason.startswith("verdicts.json:") for reason in reasons):
        return reasons  # what it says of itself cannot be read
    document = json.loads(content)
    if document["partial"]:
        reasons.append(f"the run is partial: {document['partial_because']}")
    if not document["proof_fresh"]:
        reasons.append(
            "the run is unproven: no proof belongs to the features, steps and checks that it was made with "
            "(conformeter prove makes one)"
        )
    return reasons


def make_statement(folder: RunFolder, summary: Summary, catalogue: Catalogue) -> Statement:
    """Return the statement; call it only where ``reasons_against`` gives none."""
    lines = tuple(_requirements(summary, catalogue))
    people = [result for result in summary.device_results if result.verdict is Verdict.REVIEW]
    return Statement(
        headline=str(summary.headline()),
        outcome=_outcome(lines),
        device=_device(summary),
        run=_run(folder, summary),
        requirements=lines,
        not_tested=tuple(_not_tested(summary)),
        answered_by_people=tuple(_named(f"{result.key}: {result.reason}" for result in people)),
        remarks=tuple(_remarks(summary)),
    )


def _requirements(summary: Summary, catalogue: Catalogue) -> Sequence[RequirementLine]:
    about_device = [clause for clause in summary.clauses if not clause.self_check and catalogue.is_known(clause.id)]
    grouped = groupby(about_device, key=lambda clause: catalogue.requirement_of(clause.id).id)
    decisions: dict[str, set[str]] = {}
    for result in summary.device_results:
        for clause in result.requirements if result.verdict is Verdict.REVIEW else ():
            decisions.setdefault(clause, set()).add(result.decided or "")
    return [_line(catalogue, requirement, tuple(clauses), decisions) for requirement, clauses in grouped]


def _line(
    catalogue: Catalogue, requirement: str, clauses: tuple[ClauseOutcome, ...], decisions: Mapping[str, set[str]]
) -> RequirementLine:
    judged = [clause.verdict for clause in clauses if clause.verdict in _JUDGED]
    rest = [clause.verdict for clause in clauses]
    untested = {clause.untested.reason_class if clause.untested else "" for clause in clauses}
    verdict = Verdict.NOT_APPLICABLE if untested == {"not applicable"} else worst(judged or rest)
    remarks = []
    for other in Verdict:
        ids = [clause.id for clause in clauses if clause.verdict is other]
        if ids and len(clauses) > 1 and (other is not verdict or verdict is Verdict.FAIL) and other is not Verdict.PASS:
            remarks.append(f"{_words(other)}: {_short(requirement, ids)}")
    for qualifier in ("good only", "unproven"):
        if ids := [clause.id for clause in clauses if clause.qualifier == qualifier]:
            remarks.append(qualifier if len(clauses) == 1 else f"{qualifier}: {_short(requirement, ids)}")
    said = {each for clause in clauses for each in decisions.get(clause.id, ())}
    decided = "breaks" if "breaks" in said else "conforms" if said == {"conforms"} else ""
    if said:
        remarks.append({"breaks": "a person says: no", "conforms": "a person says: yes"}.get(decided, "to be decided"))
    title = catalogue.requirement_of(clauses[0].id).title
    return RequirementLine(
        id=requirement,
        title=title,
        verdict=verdict,
        remark="; ".join(remarks),
        follows=all(clause.linked for clause in clauses),
        decided=decided,
    )


def _outcome(lines: Sequence[RequirementLine]) -> str:
    own = [line for line in lines if not line.follows]
    failed = [line.id for line in own if line.verdict is Verdict.FAIL or line.decided == "breaks"]
    unsettled = (Verdict.ERROR, Verdict.INCONCLUSIVE)
    undecided = [line for line in own if line.verdict is Verdict.REVIEW and not line.decided]
    unclear = [line.id for line in own if line.verdict in unsettled or line in undecided]
    if failed:
        return f"The device does not conform: {', '.join(failed)} failed."
    if unclear:
        return f"No requirement failed; open: {', '.join(unclear)}."
    if not any(line.verdict is Verdict.PASS or line.decided for line in lines):
        return "Nothing was judged."
    return "The device conforms in all that was tested. What was not tested is listed below."


def _device(summary: Summary) -> dict[str, str]:
    device = summary.facts.device
    shown = {
        name: str(device[name]) for name in ("manufacturer", "type", "serial", "firmware", "medium") if device.get(name)
    }
    lists = {name: ", ".join(map(str, device[name])) for name in ("roles", "doors") if device.get(name)}
    return {"name": str(device.get("name", "")), **shown, **lists}


def _run(folder: RunFolder, summary: Summary) -> dict[str, str]:
    facts = summary.facts
    results = summary.device_results
    times = Counter(result.time for result in results)
    own = [clause for clause in summary.clauses if not clause.linked]
    caught, tried = (sum(getattr(clause, name) for clause in own) for name in ("caught", "tried"))
    return {
        "run": folder.path.resolve().name,
        "from": facts.started.replace("T", " "),
        "to": (facts.finished or "").replace("T", " "),
        **({"resumed": ", ".join(facts.resumed).replace("T", " ")} if facts.resumed else {}),
        "suite": f"Conformeter {facts.suite.get('version', '')}, fingerprint {facts.suite.get('fingerprint', '')}",
        "proof": f"{caught} of {tried} planted deviations were caught, counted by clause",
        "scenarios": f"{len(results)} results at the device",
        "time": ", ".join(f"{count} in {kind} time" for kind, count in times.most_common()),
        "SHA-256 of verdicts.json": hashlib.sha256(folder.verdicts.read_bytes()).hexdigest(),
    }


def _not_tested(summary: Summary) -> Sequence[NotTested]:
    table: dict[tuple[str, str], list[str]] = {}
    for clause in summary.clauses:
        if clause.untested is not None and not clause.self_check:
            reason = clause.untested.reason if clause.untested.reason_class != "links" else ""
            table.setdefault((clause.untested.reason_class, reason), []).append(clause.id)
    return [
        NotTested(
            reason_class=reason_class,
            reason=reason or "clauses that answer these have no verdict",
            clauses=tuple(clauses),
        )
        for (reason_class, reason), clauses in table.items()
    ]


def _remarks(summary: Summary) -> Sequence[str]:
    facts = summary.facts
    remarks = ["A verdict holds for this device with this firmware, as it was described and reached in this run."]
    virtual = {result.door for result in summary.device_results if result.time == "virtual"}
    if virtual:
        remarks.append(f"At {', '.join(sorted(virtual))} time was virtual: no physical meter was measured there.")
    accelerated = sum(result.time == "accelerated" for result in summary.device_results)
    if accelerated:
        remarks.append(f"{accelerated} results were reached sooner by setting the device's clock to shortly before.")
    if str(facts.device.get("declaration", "")).startswith("replay://"):
        remarks.append("Judged again from a recorded run: signatures and deciphered content were taken as recorded.")
    if facts.resumed:
        times = "once" if len(facts.resumed) == 1 else f"{len(facts.resumed)} times"
        remarks.append(f"The run broke off and was resumed {times}; verdicts from before stayed as they were.")
    if facts.known and facts.known.get("entries"):
        remarks.append(f"{len(facts.known['entries'])} findings were known before ({facts.known['file']}).")
    if facts.residue and facts.residue.get("unexpected"):
        remarks.append(f"{len(facts.residue['unexpected'])} unexpected changes were left in the device.")
    return remarks


def _short(requirement: str, ids: Sequence[str]) -> str:
    """Return clause ids without what they have in common with the requirement's."""
    names = [id_.removeprefix(requirement).lstrip(".") or id_ for id_ in ids]
    more = f" and {len(names) - _MOST_IDS} more" if len(names) > _MOST_IDS else ""
    return ", ".join(names[:_MOST_IDS]) + more


def _named(lines: Iterable[str]) -> list[str]:
    """Return as many lines as a page can carry, and how many more there are."""
    kept = list(lines)
    more = [f"and {len(kept) - _MOST_IDS} more, which stand in the report"] if len(kept) > _MOST_IDS else []
    return [*kept[:_MOST_IDS], *more]


def _words(verdict: Verdict) -> str:
    return verdict.value.replace("_", " ").lower()
