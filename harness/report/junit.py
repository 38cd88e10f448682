"""JUnit XML with the property ``requirements``, which requirement and test management tools read."""

import re
from collections import Counter
from xml.etree import ElementTree as ET

from harness.report.summary import Summary
from harness.verdict import ScenarioResult, Verdict

__all__ = ["junit_xml"]

_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_OUTCOME = {
    Verdict.FAIL: "failure",
    Verdict.ERROR: "error",
    Verdict.INCONCLUSIVE: "skipped",
    Verdict.REVIEW: "skipped",
    Verdict.NOT_APPLICABLE: "skipped",
    Verdict.NOT_TESTED: "skipped",
}


def junit_xml(summary: Summary) -> str:
    """Return the document: one suite for the device, one for the harness's self-checks where there are any."""
    root = ET.Element("testsuites", name="Conformeter")
    _add_suite(root, str(summary.facts.device.get("name", "device")), summary.facts.started, summary.device_results)
    if summary.self_checks:
        _add_suite(root, "harness self-check", summary.facts.started, summary.self_checks)
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _add_suite(root: ET.Element, name: str, started: str, results: tuple[ScenarioResult, ...]) -> None:
    kinds = Counter(_OUTCOME.get(result.verdict, "passed") for result in results)
    suite = ET.SubElement(
        root,
        "testsuite",
        name=_clean(name),
        tests=str(len(results)),
        failures=str(kinds["failure"]),
        errors=str(kinds["error"]),
        skipped=str(kinds["skipped"]),
        time=f"{sum(result.duration_s for result in results):.3f}",
    )
    if started:
        suite.set("timestamp", started)
    for result in results:
        _add_case(suite, result)


def _add_case(suite: ET.Element, result: ScenarioResult) -> None:
    case = ET.SubElement(
        suite,
        "testcase",
        classname=_clean(result.id.rpartition("-")[0]),
        name=_clean(f"{result.key} {result.title}"),
        time=f"{result.duration_s:.3f}",
    )
    properties = ET.SubElement(case, "properties")
    for name, value in (
        ("requirements", ",".join(result.requirements)),
        ("door", result.door),
        ("verdict", result.verdict.value),
        ("time", result.time),
    ):
        ET.SubElement(properties, "property", name=name, value=_clean(value))
    if outcome := _OUTCOME.get(result.verdict):
        element = ET.SubElement(case, outcome, message=_clean(f"{result.verdict}: {result.reason}"))
        if result.findings:
            element.text = _clean("\n".join(_finding_lines(result)))


def _finding_lines(result: ScenarioResult) -> list[str]:
    lines = []
    for finding in result.findings:
        frames = " with ".join(map(str, (finding.frame, *finding.further)))
        frame = f" (frame {frames})" if finding.frame is not None else ""
        note = f" [{finding.note}]" if finding.note else ""
        lines.append(f"{finding.clause}{note}: expected {finding.expected}; observed {finding.observed}{frame}")
    return lines


def _clean(text: str) -> str:
    """Replace what XML 1.0 cannot carry, even escaped: a device may answer with control characters."""
    return _NO_XML.sub("\N{REPLACEMENT CHARACTER}", text)
