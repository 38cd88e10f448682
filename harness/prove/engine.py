"""Collect once, fork per deviation and variant, and judge what came of it."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from rich.console import Console
from rich.markup import escape

from harness.declaration import EFFECTS, Declaration, merge_patch, parse_declaration, read_data
from harness.errors import FeatureError, UsageError
from harness.plugin import ConformancePlugin
from harness.proof import caught_before
from harness.prove.faults import Deviation, Variant, default_exceptions, installed_deviations, installed_variants
from harness.prove.judge import DeviationProof, Proof, VariantProof, judge_default, judge_deviation, judge_variant
from harness.prove.trial_run import Task, TaskProcess, TaskResult
from harness.report.atomic import write_json
from harness.run.items import Choice
from harness.run.suite import Suite, arguments_for_pytest, load_suite, suite_fingerprint
from harness.verdict import Verdict

__all__ = ["ProveSettings", "prove_suite"]

_DECLARATIONS = {"reference": "reference-loop.toml"}
"""Bundled declaration of a loop device, where it is not named after it."""
_DEFAULT = "default"
_COLOURS = {"caught": "green", "missed": "bold red", "not_fired": "yellow", "error": "magenta"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ProveSettings:
    """What ``conformeter prove`` was asked for."""

    only: tuple[str, ...] = ()
    """Names of deviations or variants, or clause ids; empty for all."""
    jobs: int = 1
    draws: int = 3
    """How many draws of its parameters each deviation is tried with."""
    json: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Faults:
    """What is tried on one loop device."""

    device: str
    deviations: tuple[Deviation, ...]
    variants: tuple[Variant, ...]

    @property
    def default(self) -> str:
        """What the device without a fault is called."""
        return _DEFAULT if self.device in _DECLARATIONS else f"{_DEFAULT} {self.device}"


class _Prover:
    """Takes over pytest's loop once everything is collected for one loop device."""

    def __init__(self, settings: ProveSettings, suite: Suite, console: Console, faults: _Faults) -> None:
        self._settings = settings
        self._suite = suite
        self._console = console
        self._faults = faults
        self._file = _DECLARATIONS.get(faults.device, f"reference-{faults.device}.toml")
        self._data = read_data(suite.root / "devices" / self._file)
        self.declaration = self._parsed(faults.default)
        self.plugin = ConformancePlugin(
            catalogue=suite.catalogue,
            scenarios=suite.scenarios,
            declaration=self.declaration,
            choice=Choice(ceiling=frozenset(EFFECTS)),
        )
        self.results: list[TaskResult] | None = None
        self._caught_before = caught_before()

    def _parsed(self, name: str, variant: Variant | None = None) -> Declaration:
        data = merge_patch(self._data, variant.declaration) if variant else self._data
        return parse_declaration(data, name=f"devices/{self._file} ({name})")

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Prove instead of running."""
        if session.testsfailed:
            return True
        self.results = list(self._conducted(list(self._tasks(session.items))))
        return True

    def _tasks(self, items: Sequence[pytest.Item]) -> Iterator[Task]:
        yield Task(name=self._faults.default, draw=None, items=items, declaration=self.declaration)
        for variant in self._faults.variants:
            declaration = self._parsed(variant.name, variant)
            yield Task(
                name=variant.name, draw=None, items=items, declaration=declaration, loop_overrides=variant.options
            )
        for draw in range(self._settings.draws):
            for deviation in self._faults.deviations:
                if draw == 0 or not deviation.in_head_end:
                    yield self._deviation_task(deviation, draw, items)

    def _deviation_task(self, deviation: Deviation, draw: int, items: Sequence[pytest.Item]) -> Task:
        beside = next((one for one in installed_variants() if one.name == deviation.variant), None)
        options = dict(beside.options) if beside else {}
        return Task(
            name=deviation.name,
            draw=draw,
            items=self._items_for(deviation, items),
            declaration=self._parsed(deviation.name, beside) if beside else self.declaration,
            loop_overrides={} if deviation.in_head_end else {**options, "deviation": deviation.name, "draw": str(draw)},
            desk_fault=deviation.name if deviation.in_head_end else None,
            until_caught=frozenset(deviation.clauses),
        )

    def _items_for(self, deviation: Deviation, items: Sequence[pytest.Item]) -> list[pytest.Item]:
        """Return the scenarios of the violated clauses; invariants alone need all the traffic there is."""
        clauses = set(deviation.clauses)
        meta = self.plugin.meta
        chosen = [item for item in items if clauses & set(meta(item).requirements)]
        if deviation.in_head_end:
            return [item for item in chosen if meta(item).self_check]
        chosen = [item for item in chosen if not meta(item).self_check]
        if any(meta(item).invariant for item in chosen):
            others = [item for item in items if item not in chosen]
            chosen += [item for item in others if not meta(item).invariant and not meta(item).self_check]
        return chosen

    def _conducted(self, tasks: list[Task]) -> Iterator[TaskResult]:
        """Run the tasks, ``jobs`` at a time, and give their results as they come."""
        waiting = list(reversed(tasks))
        running: dict[int, TaskProcess] = {}
        done = 0
        while waiting or running:
            while waiting and len(running) < self._settings.jobs:
                process = TaskProcess(self._likeliest_first(waiting.pop()), self.plugin, self._suite.catalogue)
                running[process.pid] = process
            pid, _ = os.wait()
            result = running.pop(pid).result()
            self._learn(result)
            done += 1
            self._console.print(f"[dim]{done:>4}/{len(tasks)}[/] {_brief(result)}", highlight=False, soft_wrap=True)
            yield result

    def _likeliest_first(self, task: Task) -> Task:
        """Put what has caught a deviation before, in the packaged proof or just now, to the front: it ends a trial."""
        if not task.until_caught:
            return task
        meta, before = self.plugin.meta, self._caught_before.get(task.name, frozenset())
        first_door = self.declaration.dlms_doors[0].id

        def place(item: pytest.Item) -> tuple[bool, bool, bool, bool]:
            of_others = not task.until_caught & set(meta(item).requirements)
            return meta(item).invariant, meta(item).key not in before, of_others, meta(item).door != first_door

        return replace(task, items=sorted(task.items, key=place))

    def _learn(self, result: TaskResult) -> None:
        catching = {
            one["key"]
            for one in result.results
            if one["verdict"] == Verdict.FAIL and set(one["clauses"]) & result.task.until_caught
        }
        self._caught_before[result.task.name] = self._caught_before.get(result.task.name, frozenset()) | catching


def _chosen(settings: ProveSettings, suite: Suite) -> list[_Faults]:
    """Return what is tried, by loop device; the meter comes first, and is always there unless others are named."""
    deviations, variants = installed_deviations(), installed_variants()
    wanted = set(settings.only)
    if wanted:
        known = {one.name for one in deviations} | {one.name for one in variants} | set(suite.catalogue.ids)
        for name in sorted(wanted - known):
            raise UsageError(f"--only {name}: no such deviation, variant or clause (conformeter trace lists them)")
        deviations = tuple(one for one in deviations if one.name in wanted or wanted & set(one.clauses))
        variants = tuple(one for one in variants if one.name in wanted)
    named = {one.device for one in deviations} | {one.device for one in variants}
    devices = named or set(_DECLARATIONS)
    return [
        _Faults(
            device=device,
            deviations=tuple(one for one in deviations if one.device == device),
            variants=tuple(one for one in variants if one.device == device),
        )
        for device in sorted(devices, key=lambda device: (device not in _DECLARATIONS, device))
    ]


def _judged(settings: ProveSettings, chosen: Sequence[_Faults], results: Sequence[TaskResult]) -> Proof:
    """Judge all devices together: what finds nothing to judge on one of them may pass on another."""
    by_name: dict[str, list[TaskResult]] = {}
    for result in results:
        by_name.setdefault(result.task.name, []).append(result)
    undisturbed = [result for result in results if not result.task.until_caught]
    defaults = [
        judge_default(
            one.default, by_name[one.default][0], None if settings.only else undisturbed, default_exceptions()
        )
        for one in chosen
    ]
    variants = [
        judge_variant(variant.name, by_name[variant.name][0], by_name[one.default][0], variant.exceptions)
        for one in chosen
        for variant in one.variants
    ]
    return Proof(
        fingerprint=suite_fingerprint(),
        default=defaults[0],
        deviations=tuple(judge_deviation(fault, by_name[fault.name]) for one in chosen for fault in one.deviations),
        variants=(*defaults[1:], *variants),
    )


def _brief(result: TaskResult) -> str:
    """Return one line about a trial as it ends."""
    draw = "" if result.task.draw is None else f" draw {result.task.draw}"
    failed = [one["key"] for one in result.results if one["verdict"] in (Verdict.FAIL, Verdict.ERROR)]
    return f"{result.task.name}{draw}: {len(result.results)} results, {len(failed)} failed {', '.join(failed[:3])}"


def prove_suite(settings: ProveSettings, console: Console) -> int:
    """Prove the suite; 0 when everything is caught and nothing is a false alarm, else 1."""
    suite = load_suite()
    chosen = _chosen(settings, suite)
    results: list[TaskResult] = []
    for faults in chosen:
        prover = _Prover(settings, suite, console, faults)
        pytest.main(arguments_for_pytest(suite.root), plugins=[prover.plugin, prover])
        if prover.plugin.collection_errors:
            raise FeatureError("\n".join(prover.plugin.collection_errors))
        if prover.results is None:
            raise FeatureError("the suite could not be collected")
        results += prover.results
    proof = _judged(settings, chosen, results)
    show(proof, console)
    if settings.json is not None:
        write_json(settings.json, proof.to_json())
    return 0 if proof.holds else 1


def show(proof: Proof, console: Console) -> None:
    """Print what was caught and what was not, and why."""
    for deviation in proof.deviations:
        show_deviation(deviation, console)
    for variant in (proof.default, *proof.variants):
        show_variant(variant, console)
    caught = sum(one.result == "caught" for one in proof.deviations)
    alarms = sum(len(one.false_alarms) for one in (proof.default, *proof.variants))
    console.print(
        f"[bold]{caught} of {len(proof.deviations)} deviations caught; {alarms} false alarms on "
        f"{len(proof.variants)} variants and the default[/]",
        highlight=False,
    )


def show_deviation(deviation: DeviationProof, console: Console) -> None:
    """Print one deviation."""
    by = ", ".join(deviation.caught_by[:3]) + (" ..." if len(deviation.caught_by) > 3 else "")
    line = f"[{_COLOURS[deviation.result]}]{deviation.result:<10}[/] {deviation.name} ({', '.join(deviation.clauses)})"
    console.print(f"{line}  [dim]{escape(by)}[/]", highlight=False, soft_wrap=True)
    for note in deviation.notes if deviation.result != "caught" else ():
        console.print(f"           {escape(note)}", highlight=False, soft_wrap=True)


def show_variant(variant: VariantProof, console: Console) -> None:
    """Print one variant."""
    colour = "bold red" if variant.false_alarms else "green"
    console.print(
        f"[{colour}]variant[/]    {variant.name}: {variant.ran} ran, {len(variant.false_alarms)} false alarms",
        highlight=False,
    )
    for alarm in variant.false_alarms:
        console.print(f"           {escape(alarm)}", highlight=False, soft_wrap=True)
