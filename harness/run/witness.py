"""The witnesses of a run: Allure, captures and the progress line."""

from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape

from harness.errors import ConformeterError, NonConformity, Outcome
from harness.report.allure_scribe import AllureScribe, StepStatus
from harness.report.drawings import drawings
from harness.report.malformed import malformed_text
from harness.report.run_folder import RunFolder
from harness.run.items import ItemMeta
from harness.run.witnessing import Records
from harness.verdict import ScenarioResult, Verdict
from harness.wire.capture import write_pcapng

__all__ = ["AllureWitness", "CaptureWitness", "ProgressWitness"]

_COLOURS = {
    Verdict.PASS: "green",
    Verdict.FAIL: "bold red",
    Verdict.ERROR: "magenta",
    Verdict.INCONCLUSIVE: "yellow",
    Verdict.REVIEW: "cyan",
    Verdict.NOT_APPLICABLE: "dim",
}


class Quiet:
    """What a witness does about the events that it does not care for: nothing."""

    def scenario_begins(self, meta: ItemMeta) -> None:
        """Do nothing."""

    def step_begins(self, text: str) -> None:
        """Do nothing."""

    def step_ends(self, lines: Sequence[str], error: BaseException | None) -> None:
        """Do nothing."""

    def scenario_ends(self, meta: ItemMeta, result: ScenarioResult, records: Records) -> None:
        """Do nothing."""


class CaptureWitness(Quiet):
    """Writes a pcapng for each result that talked to the device."""

    def __init__(self, folder: RunFolder) -> None:
        self._folder = folder

    def scenario_ends(self, meta: ItemMeta, result: ScenarioResult, records: Records) -> None:
        """Write the capture of a result; an invariant and a self-check have none of their own."""
        if not meta.invariant and not meta.self_check:
            write_pcapng(self._folder.capture(meta.key), records(), clauses=meta.requirements)


class AllureWitness(Quiet):
    """Writes scenarios into Allure results."""

    def __init__(self, scribe: AllureScribe, folder: RunFolder) -> None:
        self._scribe = scribe
        self._folder = folder

    def scenario_begins(self, meta: ItemMeta) -> None:
        """Give the result its title and labels."""
        self._scribe.labels_for(meta)

    def step_begins(self, text: str) -> None:
        """Open a step."""
        self._scribe.start_step(text)

    def step_ends(self, lines: Sequence[str], error: BaseException | None) -> None:
        """Close the step with what was exchanged in it."""
        if lines:
            self._scribe.attach_text("exchange", "\n".join(lines))
        self._scribe.stop_step(_status(error), str(error) if error else None)

    def scenario_ends(self, meta: ItemMeta, result: ScenarioResult, records: Records) -> None:
        """Give the verdict and the capture."""
        capture = self._folder.capture(meta.key)
        if capture.exists():
            self._scribe.attach_pcapng(capture)
        for drawing in drawings(records()):
            self._scribe.attach_svg(drawing.name, drawing.svg)
        malformed = malformed_text(records())
        if malformed:
            self._scribe.attach_text("malformed frames", malformed)
        self._scribe.set_verdict(result.verdict, result.reason, result.findings)


def _status(error: BaseException | None) -> StepStatus:
    match error:
        case None:
            return "passed"
        case NonConformity():
            return "failed"
        case Outcome():
            return "skipped"
        case ConformeterError():
            return "failed"
        case _:
            return "broken"


class ProgressWitness(Quiet):
    """One line a result, with counts and failures so far."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._done = 0
        self._failed = 0
        self._open = 0
        self.planned = 0

    def scenario_ends(self, meta: ItemMeta, result: ScenarioResult, records: Records) -> None:
        """Print the line."""
        self._done += 1
        self._failed += result.verdict is Verdict.FAIL
        self._open += result.verdict in (Verdict.ERROR, Verdict.INCONCLUSIVE, Verdict.REVIEW)
        counts = f"[dim]{self._done:>4}/{self.planned}[/] {self._failed} failed {self._open} open"
        colour = _COLOURS.get(result.verdict, "")
        self._console.print(
            f"{counts}  [{colour}]{result.verdict:<14}[/] {escape(result.key)}  [dim]{escape(meta.title)}[/]",
            highlight=False,
            soft_wrap=True,
        )
        if result.verdict not in (Verdict.PASS, Verdict.NOT_APPLICABLE):
            self._console.print(f"          {escape(result.reason)}", highlight=False, soft_wrap=True)
