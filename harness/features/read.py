"""All feature files of a folder, with everything that is wrong in them in one error."""

import re
from collections.abc import Collection, Iterator
from pathlib import Path

from harness.catalogue import Catalogue
from harness.errors import FeatureError
from harness.features.outline import (
    ExamplesTable,
    FeatureOutline,
    ScenarioOutline,
    StepLine,
    read_outline,
)
from harness.features.source import Problem, ScenarioSource
from harness.features.tags import TagReading, read_tags

__all__ = ["read_features"]

_TITLE = re.compile(r"(?P<id>(?P<clause>\S+)-(?P<letter>[PN])\d\d) (?P<text>\S.*)")
# A row is part of result keys, and so of file names.
_ROW = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")


def read_features(
    folder: Path, catalogue: Catalogue, *, needs: Collection[str] | None = None
) -> tuple[ScenarioSource, ...]:
    """Read ``folder/**/*.feature``; ``needs``: the items that ``@needs.x`` may name, None for any.

    Raises ``FeatureError`` that lists every problem as ``file:line: what``.
    """
    if not folder.is_dir():
        raise FeatureError(f"{folder}: no such folder; expected the folder of feature files")
    problems: list[Problem] = []
    scenarios: list[ScenarioSource] = []
    for file in sorted(folder.rglob("*.feature")):
        outline = read_outline(file)
        if isinstance(outline, FeatureOutline):
            problems += _feature_problems(outline)
            for scenario in outline.scenarios:
                source, wrong = _read_scenario(outline, scenario, catalogue, needs)
                scenarios.append(source)
                problems += wrong
        else:
            problems += outline
    problems += _doubles(scenarios)
    if problems:
        raise FeatureError("\n".join(map(str, sorted(problems))))
    return tuple(scenarios)


def _read_scenario(
    feature: FeatureOutline, scenario: ScenarioOutline, catalogue: Catalogue, needs: Collection[str] | None
) -> tuple[ScenarioSource, list[Problem]]:
    tags = tuple(tag.name for tag in (*feature.tags, *scenario.tags))
    reading = read_tags(tags, catalogue, needs)
    found = _TITLE.fullmatch(scenario.title)
    source = ScenarioSource(
        id=found["id"] if found else scenario.title,
        title=scenario.title,
        tags=tags,
        file=feature.file,
        line=scenario.line,
        rows=tuple(row for _, row in _rows(scenario)),
        positive="positive" in reading.plain,
        effects=reading.effects,
        doors=reading.doors,
        needs=reading.needs,
        self_check="selfcheck" in reading.plain,
        silence="silence" in reading.plain,
        clock_judged="clock_judged" in reading.plain,
        clauses=reading.clauses,
    )
    wrong = [(scenario.line, text) for text in (*reading.problems, *_title_problems(found, scenario, reading))]
    wrong += _step_problems(scenario.steps, scenario.line)
    wrong += _example_problems(scenario)
    return source, [Problem(file=feature.file, line=line, text=text) for line, text in wrong]


def _title_problems(found: re.Match[str] | None, scenario: ScenarioOutline, reading: TagReading) -> Iterator[str]:
    if found is None:
        yield (
            f"title `{scenario.title}`: must be an id and a text, like"
            " `TR-Conf.05b-N10 A replay of a ciphered request gets no answer`"
        )
        return
    kind = "positive" if found["letter"] == "P" else "negative"
    if kind not in reading.plain:
        yield f"`{found['id']}` has the letter {found['letter']}, so it needs the tag @{kind}"
    if found["clause"] not in reading.clauses:
        yield f"`{found['id']}` is written for {found['clause']}, so it needs the tag @{found['clause']}"


def _feature_problems(feature: FeatureOutline) -> Iterator[Problem]:
    for line in feature.rules:
        yield Problem(
            file=feature.file,
            line=line,
            text="Rule is not used: all that follows would belong to it, whatever its indentation",
        )
    if feature.background:
        for line, text in _step_problems(feature.background, feature.background[0].line):
            yield Problem(file=feature.file, line=line, text=text)
    if not feature.scenarios and not feature.rules:
        yield Problem(file=feature.file, line=1, text="no scenario in this feature")


def _step_problems(steps: tuple[StepLine, ...], line: int) -> Iterator[tuple[int, str]]:
    if not steps:
        yield line, "no steps"
    elif steps[0].continues:
        yield steps[0].line, "the first step must begin with Given, When or Then, not with And, But or *"


def _example_problems(scenario: ScenarioOutline) -> Iterator[tuple[int, str]]:
    if scenario.needs_examples and not scenario.examples:
        yield scenario.line, "a Scenario Outline without Examples never runs"
    for table in scenario.examples:
        if table.tags:
            yield table.tags[0].line, "Examples carry no tags here: put them on the scenario"
        if not table.rows:
            yield table.line, "Examples without rows never run"
        elif "row" not in table.header:
            yield table.line, "Examples need a column `row`: a name for each row that never changes"
    seen: set[str] = set()
    for line, row in _rows(scenario):
        if not _ROW.fullmatch(row):
            yield line, f"row `{row}`: must be letters, digits, - and _, and not begin with a sign"
        if row in seen:
            yield line, f"row `{row}` stands in this scenario twice"
        seen.add(row)


def _rows(scenario: ScenarioOutline) -> Iterator[tuple[int, str]]:
    for table in scenario.examples:
        yield from _rows_of(table)


def _rows_of(table: ExamplesTable) -> Iterator[tuple[int, str]]:
    if "row" in table.header:
        place = table.header.index("row")
        for line, cells in table.rows:
            yield line, cells[place]


def _doubles(scenarios: list[ScenarioSource]) -> Iterator[Problem]:
    """Of two scenarios with one title in a file, pytest-bdd would run only the last, without a word."""
    first: dict[str, ScenarioSource] = {}
    for source in scenarios:
        text = source.title.removeprefix(source.id).strip()
        for name, what in ((source.id, "id"), (text, "title")):
            if not name:
                continue
            other = first.setdefault(f"{what} {name}", source)
            if other is not source:
                where = f"{other.file}:{other.line}"
                yield Problem(file=source.file, line=source.line, text=f"{what} `{name}` is that of {where} already")
