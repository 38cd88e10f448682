"""What the page of a FAIL says: in words, byte by byte, how to repeat it and what usually lies behind it."""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from harness.catalogue import Catalogue
from harness.errors import CatalogueError, DecodeError
from harness.protocol.date_time import DateTime
from harness.report.exchange import Exchange
from harness.report.page_model import Card, Shown
from harness.verdict import Finding

__all__ = ["ExplainedFinding", "Explanation", "declared_names", "explain"]

_NAME = re.compile(r"[a-z]+:[A-Za-z0-9/:]*[A-Za-z0-9]|[a-z]+(?:_[a-z]+)+")
_OBIS = re.compile(r"\b\d{1,3}(?:\.\d{1,3}){5}\b")
_TIME = re.compile(r"\b07[0-9a-f]{22}\b")
"""A date-time of this century in hex."""
_INVARIANT = re.compile(r"-I\d\d")


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainedFinding:
    """One finding with all that a reader needs to follow it."""

    finding: Finding
    requirement: str
    """Id and title of the requirement, empty for a clause that this catalogue does not have."""
    statement: str
    reading: str
    """How the source is read where it can be read in two ways, or empty."""
    words: tuple[tuple[str, str], ...]
    """Names that stand in the finding, with what they mean."""
    exchange: Exchange | None
    further: tuple[Exchange, ...]
    """What else is needed to see it, such as the exchange at another door."""
    happened: str
    """What the frame to blame is, in a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """All about one FAIL."""

    card: Card
    findings: tuple[ExplainedFinding, ...]
    causes: tuple[str, ...]
    repeat: str
    """The command that repeats this scenario alone."""
    replay: str
    """The command that judges the recorded traffic again, without the device."""
    is_invariant: bool
    expected_entry: str
    """What to put into a file for ``--expect`` where the finding is known."""


def explain(
    card: Card, catalogue: Catalogue, *, declaration: str, run: str, names: Mapping[str, str] | None = None
) -> Explanation:
    """Return the explanation of a failed scenario.

    ``run`` is the name of the run folder, ``names`` what the declaration calls the objects, by OBIS code.
    """
    result = card.result
    dictionary = _Dictionary(catalogue=catalogue, names=names or {})
    findings = tuple(_explained(shown, dictionary) for shown in card.findings)
    # An invariant has no traffic of its own: the scenario in whose traffic it found the breach has to run too.
    watched = [found.exchange.key for found in findings if found.exchange and "@" in found.exchange.key]
    only = ",".join(dict.fromkeys((*watched, result.key)))
    clauses = dict.fromkeys(finding.clause for finding in result.findings)
    return Explanation(
        card=card,
        findings=findings,
        causes=catalogue.causes.texts_for(result.id, *clauses),
        repeat=f"conformeter run --device {declaration} --only {only}",
        replay=f"conformeter run --device replay://{run} --only {only}",
        is_invariant=bool(_INVARIANT.search(result.id)),
        expected_entry=(
            f'[[expected]]\nkey = "{result.key}"\nverdict = "FAIL"\n'
            'reason = "why it may stay for now"\nlink = "where it is followed up"'
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Dictionary:
    """What gives a name or a code its meaning."""

    catalogue: Catalogue
    names: Mapping[str, str]

    def words(self, text: str) -> Iterator[tuple[str, str]]:
        """Yield the names and codes in a text that need words, each with its meaning."""
        for name in _NAME.findall(text):
            meaning = self._of_name(name)
            if meaning:
                yield name, meaning
        for code in _OBIS.findall(text):
            if code in self.names:
                yield code, f"the object that the declaration calls {self.names[code]}"
        for octets in _TIME.findall(text):
            try:
                yield octets, f"the time {DateTime.from_octets(bytes.fromhex(octets))}"
            except DecodeError:
                continue  # twelve octets of something else

    def _of_name(self, name: str) -> str | None:
        if self.catalogue.known_answer(name):
            return f"the answer {self.catalogue.answer_text(name)}"
        try:
            return self.catalogue.answers.find(name).about
        except CatalogueError:
            return None  # a word with underscores that is no condition


def declared_names(declaration: Path) -> dict[str, str]:
    """Return what a declaration calls its objects, by OBIS code; empty where it cannot be read."""
    try:
        objects = tomllib.loads(declaration.read_text(encoding="utf-8")).get("objects", {})
    except (OSError, ValueError):
        return {}
    return {
        str(entry["obis"]): role.replace("_", " ")
        for role, declared in objects.items()
        for entry in (declared if isinstance(declared, list) else [declared])
        if isinstance(entry, dict) and "obis" in entry
    }


def _explained(shown: Shown, dictionary: _Dictionary) -> ExplainedFinding:
    finding, exchange = shown.finding, shown.exchange
    catalogue = dictionary.catalogue
    known = finding.clause in catalogue.clauses
    requirement = catalogue.requirement_of(finding.clause) if known else None
    asked = exchange.request.rows if exchange and exchange.request else ()
    said = [finding.expected, finding.observed, *(row.meaning for row in asked)]
    return ExplainedFinding(
        finding=finding,
        requirement=f"{requirement.id} {requirement.title}" if requirement else "",
        statement=catalogue.clauses[finding.clause].statement if known else "",
        reading=(requirement.reading or "") if requirement else "",
        words=tuple(dict(dictionary.words(" ".join(said))).items()),
        exchange=exchange,
        further=shown.further,
        happened=_happened(finding, exchange, shown.further),
    )


def _happened(finding: Finding, exchange: Exchange | None, further: Sequence[Exchange]) -> str:
    if finding.frame is None:
        return "No single frame shows this: it follows from several readings, or from what the declaration says."
    if exchange is None:
        return f"Frame {finding.frame} is not in the trace of this run folder."
    if further:
        others = " and ".join(f"frame {one.number} at door {one.door}" for one in further)
        return f"Frame {finding.frame} at door {exchange.door}, beside {others}."
    return {
        "rx": f"Frame {finding.frame}, the last one from the device when this was found.",
        "apdu_rx": f"Message {finding.frame}, the last one from the device when this was found.",
        "tx": f"Frame {finding.frame} to the device, and what came back or did not.",
        "apdu_tx": f"Message {finding.frame} to the device, and what came back or did not.",
        "quiet": f"At {finding.frame} the time was up in which an answer was due, and nothing had come.",
        "lost": f"At {finding.frame} the device closed the connection.",
    }.get(exchange.kind, f"Record {finding.frame} of the trace.")
