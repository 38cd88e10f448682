"""The run folder: all that one run leaves, written so that an interrupted run can still be read."""

import json
import os
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, Self
from urllib.parse import quote

from harness.catalogue import Catalogue
from harness.errors import UsageError
from harness.report.atomic import write_json, write_text
from harness.report.environment import describe_environment
from harness.report.junit import junit_xml
from harness.report.results_table import results_csv
from harness.report.rollup import ProofTable, roll_up
from harness.report.summary import SCHEMA, RunFacts, Summary, result_from_json, result_to_json
from harness.report.trace_table import trace_rows, trace_table_csv
from harness.verdict import ScenarioResult

__all__ = ["RunFolder", "finding_address", "fold"]

_LOG = "verdicts.jsonl"


class RunFolder:
    """Paths, and what is written where; ``create`` for a new run, ``open`` for one that is there."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.log = path / _LOG
        self.verdicts = path / "verdicts.json"
        self.plan = path / "plan.json"
        self.trace = path / "trace.jsonl"
        self.life = path / "life.jsonl"
        self.declaration = path / "declaration.toml"
        self.environment = path / "environment.json"
        self.junit = path / "junit.xml"
        self.results_csv = path / "results.csv"
        self.traceability_csv = path / "traceability.csv"
        self.traceability_html = path / "traceability.html"
        self.allure_results = path / "allure-results"
        self.captures = path / "captures"
        self.report = path / "report"

    @classmethod
    def create(cls, out: Path, device: str, started: datetime) -> Self:
        """Make ``out/<time>-<device>/``; a second run within the same second gets ``-2`` and so on."""
        name = f"{started:%Y%m%dT%H%M%S}-{_file_name(device)}"
        for number in range(1, 1000):
            path = out / (name if number == 1 else f"{name}-{number}")
            try:
                path.mkdir(parents=True)
            except FileExistsError:
                continue
            break
        else:
            raise UsageError(f"{out}: a thousand runs named {name}; choose another folder with --out")
        folder = cls(path)
        for each in (folder.allure_results, folder.captures, folder.report):
            each.mkdir()
        folder.log.touch()
        return folder

    @classmethod
    def open(cls, path: Path) -> Self:
        """Return the folder of an earlier run; raises ``UsageError`` where there is none."""
        if not path.is_dir():
            raise UsageError(f"{path}: no such folder; expected a run folder, like runs/<time>-<device>")
        if not (path / _LOG).is_file():
            raise UsageError(f"{path}: not a run folder; expected one with {_LOG} in it")
        return cls(path)

    def finding(self, key: str) -> Path:
        """Return where the page that explains a FAIL belongs."""
        return self.report / "findings" / f"{_file_name(key)}.html"

    def capture(self, key: str) -> Path:
        """Return where the capture of a result key belongs."""
        return self.captures / f"{_file_name(key)}.pcapng"

    def write_facts(self, facts: RunFacts, now: datetime) -> None:
        """Write ``environment.json`` when the run starts, so that a run cut short still says what it was."""
        document = {
            "schema": SCHEMA,
            "started": facts.started,
            "suite": dict(facts.suite),
            "device": dict(facts.device),
            "partial_because": facts.partial,
            **describe_environment(now),
        }
        write_json(self.environment, document)

    def go_on(self, resumed: Sequence[str]) -> None:
        """Note when the run was resumed, and drop what a crash cut off and what was made of the part before it."""
        self.add_to_environment("resumed", list(resumed))
        for made in (self.verdicts, self.traceability_html):
            made.unlink(missing_ok=True)
        if self.life.exists():
            octets = self.life.read_bytes()
            os.truncate(self.life, _end_of_last_line(octets))
        for path in self.allure_results.glob("*.json"):
            try:
                json.loads(path.read_text(encoding="utf-8"))
            except ValueError:
                path.unlink()

    def add_to_environment(self, name: str, value: object) -> None:
        """Add one more entry to ``environment.json``."""
        write_json(self.environment, {**read_object(self.environment), name: value})

    def write_plan(self, keys: Sequence[str], **more: object) -> None:
        """Write ``plan.json`` once the items are known: the result keys that a whole run has, in their order."""
        write_json(self.plan, {"schema": SCHEMA, **more, "keys": list(keys)})

    def planned_keys(self) -> tuple[str, ...] | None:
        """Return the result keys that were planned; None for a run that never came so far."""
        return tuple(read_object(self.plan)["keys"]) if self.plan.exists() else None

    def append_verdict(self, result: ScenarioResult) -> None:
        """Append one result; it is on disk when this returns."""
        line = json.dumps(result_to_json(result), ensure_ascii=False, separators=(",", ":")) + "\n"
        with self.log.open("r+b" if self.log.exists() else "w+b") as file:
            if file.seek(0, os.SEEK_END) and not _ends_with_a_line(file):
                file.seek(0)
                file.truncate(_end_of_last_line(file.read()))  # a line that a crash cut off
                file.seek(0, os.SEEK_END)
            file.write(line.encode())
            file.flush()
            os.fsync(file.fileno())

    def results(self) -> tuple[ScenarioResult, ...]:
        """Return the results so far; a repeated key (a resumed run) counts with its last result.

        A last line without its end, from a crash while it was written, is left out.
        """
        return fold(self.log.read_bytes(), str(self.log))

    def write_summary(
        self,
        catalogue: Catalogue,
        facts: RunFacts,
        *,
        proof: ProofTable,
        scenarios: Mapping[str, Sequence[str]] | None = None,
    ) -> Summary:
        """Roll up what ``verdicts.jsonl`` holds and write ``verdicts.json``, ``junit.xml`` and both tables."""
        summary = self._roll_up(catalogue, facts, proof, scenarios)
        write_json(self.verdicts, summary.to_json())
        write_text(self.junit, junit_xml(summary))
        write_text(self.results_csv, results_csv(summary))
        write_text(self.traceability_csv, trace_table_csv(trace_rows(summary, catalogue)))
        return summary

    def summary(self, catalogue: Catalogue) -> Summary:
        """Return what ``verdicts.json`` holds or, of a run that never finished, what can be said of it."""
        if self.verdicts.exists():
            return Summary.from_json(read_object(self.verdicts))
        facts = RunFacts(interrupted="the run did not come to its end")
        if self.environment.exists():
            known = read_object(self.environment)
            facts = RunFacts(
                suite=known.get("suite", {}),
                device=known.get("device", {}),
                started=known.get("started", ""),
                resumed=tuple(known.get("resumed", ())),
                partial=known.get("partial_because"),
                interrupted=facts.interrupted,
            )
        return self._roll_up(catalogue, facts, ProofTable(), None)

    def _roll_up(
        self,
        catalogue: Catalogue,
        facts: RunFacts,
        proof: ProofTable,
        scenarios: Mapping[str, Sequence[str]] | None,
    ) -> Summary:
        results = self.results()
        why = facts.interrupted or facts.partial or "none of its scenarios fits a declared door"
        clauses = roll_up(catalogue, results, proof=proof, scenarios=scenarios, why_not_run=why, identity=facts.device)
        return Summary(facts=facts, results=results, clauses=clauses, proof_fresh=proof.fresh)


def read_object(path: Path) -> dict[str, Any]:
    """Return the JSON object in a file of a run folder; raises ``UsageError`` for anything else."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise UsageError(f"{path}: no JSON: {error}") from error
    if not isinstance(document, dict):
        raise UsageError(f"{path}: expected a JSON object")
    return document


def finding_address(key: str) -> str:
    """Return the address of the page that explains a FAIL, as seen from ``report/``."""
    return f"findings/{quote(_file_name(key))}.html"


def fold(octets: bytes, name: str) -> tuple[ScenarioResult, ...]:
    """Return the results in a ``verdicts.jsonl``, which errors call ``name``; the last one of a key counts."""
    found: dict[str, ScenarioResult] = {}
    for number, line in enumerate(octets[: _end_of_last_line(octets)].splitlines(), start=1):
        try:
            result = result_from_json(json.loads(line))
        except (KeyError, TypeError, ValueError) as error:
            raise UsageError(f"{name}: line {number} is no result: {error!r}") from error
        found[result.key] = result
    return tuple(found.values())


def _ends_with_a_line(file: BinaryIO) -> bool:
    file.seek(-1, os.SEEK_END)
    return file.read(1) == b"\n"


def _end_of_last_line(octets: bytes) -> int:
    return octets.rfind(b"\n") + 1


def _file_name(text: str) -> str:
    """Return ``text`` with what a file name should not carry replaced; result keys stay as they are."""
    return re.sub(r"[^A-Za-z0-9._@-]+", "_", text).strip(".") or "_"
