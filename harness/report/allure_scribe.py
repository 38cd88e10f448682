"""Writes scenarios into Allure results: our titles, labels, Gherkin steps, attachments and verdicts.

What pytest and allure-pytest put there by themselves (fixture representations, absolute paths, the name of this
computer, containers of fixtures) is replaced when a result is about to be written. Fixtures may hold keys, so nothing
of theirs is ever taken over.
"""

import hashlib
import json
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import allure_commons
from allure_commons.model2 import (
    ATTACHMENT_PATTERN,
    Attachment,
    ExecutableItem,
    Label,
    Link,
    Parameter,
    StatusDetails,
    TestResult,
    TestResultContainer,
    TestStepResult,
)

from harness.catalogue import Catalogue
from harness.report.allure_labels import ReportedItem, labels_of
from harness.report.discretion import discreet
from harness.report.run_folder import finding_address
from harness.verdict import Finding, Verdict

__all__ = ["ALLURE_STATUS", "AllureScribe", "StepStatus"]

StepStatus = Literal["passed", "failed", "broken", "skipped"]

ALLURE_STATUS: dict[Verdict, str] = {
    Verdict.PASS: "passed",
    Verdict.FAIL: "failed",
    Verdict.ERROR: "broken",
    Verdict.INCONCLUSIVE: "skipped",
    Verdict.REVIEW: "skipped",
    Verdict.NOT_APPLICABLE: "skipped",
    Verdict.NOT_TESTED: "unknown",
}

_OWN_PAGE = "../index.html"
_OWN_LABELS = {"severity"}
"""Labels of pytest items that are taken over as they are."""


@dataclass(slots=True, kw_only=True)
class _Notes:
    """What is known of the scenario under way."""

    item: ReportedItem | None = None
    root: ExecutableItem = field(default_factory=ExecutableItem)
    open_steps: list[TestStepResult] = field(default_factory=list)
    verdict: Verdict | None = None
    details: StatusDetails | None = None

    @property
    def holder(self) -> ExecutableItem:
        """What takes steps and attachments at the moment."""
        return self.open_steps[-1] if self.open_steps else self.root


class AllureScribe:
    """Follows one scenario at a time; register it with ``install`` before the first result is written."""

    def __init__(self, catalogue: Catalogue, *, device: str = "") -> None:
        self._catalogue = catalogue
        self._device = device
        self._notes = _Notes()

    def install(self) -> None:
        """Listen to what allure-pytest is about to write."""
        allure_commons.plugin_manager.register(self)

    def remove(self, results: Path | None = None) -> None:
        """Stop listening and drop the empty containers of fixtures that stand in the folder of results."""
        allure_commons.plugin_manager.unregister(self)
        for path in results.glob("*-container.json") if results else ():
            container = json.loads(path.read_text(encoding="utf-8"))
            if not container.get("befores") and not container.get("afters"):
                path.unlink()

    # One scenario

    def labels_for(self, item: ReportedItem) -> None:
        """Begin a scenario: everything until its result is written belongs to it."""
        self._notes = _Notes(item=item)

    def start_step(self, text: str) -> None:
        """Begin a Gherkin step; ``text`` has its keyword."""
        step = TestStepResult(name=text, start=_now_ms())
        self._notes.holder.steps.append(step)
        self._notes.open_steps.append(step)

    def stop_step(self, status: StepStatus, message: str | None = None) -> None:
        """End the step begun last."""
        step = self._notes.open_steps.pop()
        step.stop = _now_ms()
        step.status = status
        if message:
            step.statusDetails = StatusDetails(message=discreet(message))

    def attach_text(self, name: str, text: str) -> None:
        """Attach text to the open step, or to the scenario."""
        self._attach(name, text.encode(), "text/plain", "txt")

    def attach_json(self, name: str, document: Any) -> None:
        """Attach a JSON document."""
        self._attach(name, json.dumps(document, indent=2, ensure_ascii=False).encode(), "application/json", "json")

    def attach_svg(self, name: str, svg: str) -> None:
        """Attach an image."""
        self._attach(name, svg.encode(), "image/svg+xml", "svg")

    def attach_pcapng(self, path: Path) -> None:
        """Attach a capture."""
        self._attach(path.name, path.read_bytes(), "application/vnd.tcpdump.pcap", "pcapng")

    def set_verdict(self, verdict: Verdict, reason: str, findings: Sequence[Finding] = ()) -> None:
        """Give the verdict that the result is to show."""
        self._notes.verdict = verdict
        message = reason if verdict is Verdict.PASS else f"{verdict}: {reason}"
        trace = "\n\n".join(_finding_text(finding) for finding in findings)
        self._notes.details = StatusDetails(message=discreet(message), trace=discreet(trace) or None)
        if verdict is Verdict.PASS and not reason and not trace:
            self._notes.details = None

    # Hooks of allure_commons

    @allure_commons.hookimpl(tryfirst=True)
    def report_result(self, result: TestResult) -> None:
        """Replace what allure-pytest collected by what the scenario is."""
        if self._notes.item is None:
            _strip(result)
            return
        while self._notes.open_steps:
            self.stop_step("broken")
        self._fill(result, self._notes.item)
        self._notes = _Notes()

    @allure_commons.hookimpl(tryfirst=True)
    def report_container(self, container: TestResultContainer) -> None:
        """Drop set-up and tear-down of fixtures: they show our plumbing, and their texts may hold anything."""
        container.befores.clear()
        container.afters.clear()

    # Inside

    def _attach(self, name: str, body: bytes, mime_type: str, extension: str) -> None:
        file_name = ATTACHMENT_PATTERN.format(prefix=uuid.uuid4(), ext=extension)
        allure_commons.plugin_manager.hook.report_attached_data(body=body, file_name=file_name)
        self._notes.holder.attachments.append(Attachment(name=name, source=file_name, type=mime_type))

    def _fill(self, result: TestResult, item: ReportedItem) -> None:
        result.name = _title(item)
        result.fullName = item.key
        result.titlePath = []
        # Named by id and not by title: a reworded title keeps its history.
        result.testCaseId = _digest(item.key.rpartition("@")[0])
        result.historyId = _digest(item.key)
        result.description = self._description(item)
        result.descriptionHtml = None
        labels = labels_of(self._catalogue, item, device=self._device)
        labels += [(label.name, label.value) for label in result.labels if label.name in _OWN_LABELS]
        if self._notes.verdict is not None:
            labels.append(("verdict", self._notes.verdict.value.lower().replace("_", " ")))
        result.labels = [Label(name=name, value=value) for name, value in labels]
        result.links = [
            Link(type="requirement", url=f"{_OWN_PAGE}#clause-{clause}", name=clause) for clause in item.requirements
        ]
        if self._notes.verdict is Verdict.FAIL:
            address = f"../{finding_address(item.key)}"
            result.links.insert(0, Link(type="issue", url=address, name="What failed, byte by byte"))
        result.parameters = [Parameter(name="door", value=item.door)]
        if item.row is not None:
            result.parameters.append(Parameter(name="row", value=item.row))
        result.steps = self._notes.root.steps
        result.attachments = [*self._notes.root.attachments, *result.attachments]
        if self._notes.verdict is None:
            _strip_details(result)
        else:
            result.status = ALLURE_STATUS[self._notes.verdict]
            result.statusDetails = self._notes.details

    def _description(self, item: ReportedItem) -> str:
        lines = []
        for clause in item.requirements:
            known = self._catalogue.clauses.get(clause)
            lines.append(f"**{clause}** {known.statement}" if known else f"**{clause}**")
        return "\n\n".join(lines)


def _title(item: ReportedItem) -> str:
    title = item.title if item.title.startswith(item.id) else f"{item.id} {item.title}"
    return f"{title} @{item.door}"


def _finding_text(finding: Finding) -> str:
    lines = [finding.clause + (f" ({finding.note})" if finding.note else "")]
    lines += [f"expected: {finding.expected}", f"observed: {finding.observed}"]
    if finding.frame is not None:
        frames = " with ".join(map(str, (finding.frame, *finding.further)))
        lines.append(f"frame:    {frames} in trace.jsonl")
    return "\n".join(lines)


def _strip(result: TestResult) -> None:
    """Take what names this computer out of a result that is no scenario."""
    result.labels = [label for label in result.labels if label.name not in ("host", "thread", "package")]
    result.parameters = []
    result.description = discreet(result.description) if result.description else None
    result.titlePath = []
    _strip_details(result)


def _strip_details(result: TestResult) -> None:
    details = result.statusDetails
    if details is not None:
        # The trace shows arguments by repr, and an argument may be a key; the message is our own wording.
        result.statusDetails = StatusDetails(message=discreet(details.message or ""))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _now_ms() -> int:
    return round(time.time() * 1000)
