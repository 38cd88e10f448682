"""The parts of a Gherkin document that the lint looks at, without the parser's dictionaries."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gherkin.errors import CompositeParserException, ParserException
from gherkin.parser import Parser

from harness.features.source import Problem

__all__ = ["ExamplesTable", "FeatureOutline", "ScenarioOutline", "StepLine", "TagLine", "read_outline"]

_CONTINUATIONS = ("Conjunction", "Unknown")


@dataclass(frozen=True, slots=True, kw_only=True)
class TagLine:
    """A tag without its ``@``."""

    name: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StepLine:
    """A step; ``continues`` for And, But and ``*``."""

    line: int
    continues: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ExamplesTable:
    """An Examples table; ``header`` is empty for one without rows of any kind."""

    line: int
    tags: tuple[TagLine, ...]
    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    """Line and cells."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioOutline:
    """A scenario, plain or with Examples."""

    line: int
    title: str
    tags: tuple[TagLine, ...]
    steps: tuple[StepLine, ...]
    examples: tuple[ExamplesTable, ...]
    needs_examples: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FeatureOutline:
    """A whole file."""

    file: Path
    tags: tuple[TagLine, ...]
    background: tuple[StepLine, ...]
    scenarios: tuple[ScenarioOutline, ...]
    rules: tuple[int, ...]
    """Lines of the Rule keyword."""


def read_outline(file: Path) -> FeatureOutline | tuple[Problem, ...]:
    """Read a feature file, or say what keeps it from being one."""
    try:
        text = file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        return (Problem(file=file, line=1, text=f"not UTF-8 at octet {error.start}"),)
    except OSError as error:
        return (Problem(file=file, line=1, text=f"cannot be read: {error.strerror}"),)
    try:
        feature: dict[str, Any] | None = dict(Parser().parse(text)).get("feature")  # type: ignore[assignment]  # the parser's type says that a feature is always there
    except CompositeParserException as error:
        return tuple(_syntax_problem(file, each) for each in error.errors)
    if not feature:
        return (Problem(file=file, line=1, text="no Feature in this file"),)
    children = feature["children"]
    return FeatureOutline(
        file=file,
        tags=_tags(feature),
        background=tuple(step for child in children if "background" in child for step in _steps(child["background"])),
        scenarios=tuple(_scenario(child["scenario"]) for child in children if "scenario" in child),
        rules=tuple(child["rule"]["location"]["line"] for child in children if "rule" in child),
    )


def _syntax_problem(file: Path, error: Exception) -> Problem:
    line = error.location["line"] if isinstance(error, ParserException) else 1
    # The parser puts "(line:column): " in front of its messages.
    return Problem(file=file, line=line, text=f"not Gherkin: {str(error).partition('): ')[2] or error}")


def _scenario(scenario: dict[str, Any]) -> ScenarioOutline:
    return ScenarioOutline(
        line=scenario["location"]["line"],
        title=scenario["name"],
        tags=_tags(scenario),
        steps=tuple(_steps(scenario)),
        examples=tuple(_table(each) for each in scenario["examples"]),
        needs_examples=scenario["keyword"] in ("Scenario Outline", "Scenario Template"),
    )


def _tags(owner: dict[str, Any]) -> tuple[TagLine, ...]:
    return tuple(TagLine(name=tag["name"].removeprefix("@"), line=tag["location"]["line"]) for tag in owner["tags"])


def _steps(owner: dict[str, Any]) -> Iterator[StepLine]:
    for step in owner["steps"]:
        yield StepLine(line=step["location"]["line"], continues=step["keywordType"] in _CONTINUATIONS)


def _table(examples: dict[str, Any]) -> ExamplesTable:
    header = examples.get("tableHeader")
    return ExamplesTable(
        line=examples["location"]["line"],
        tags=_tags(examples),
        header=_cells(header) if header else (),
        rows=tuple((row["location"]["line"], _cells(row)) for row in examples["tableBody"]),
    )


def _cells(row: dict[str, Any]) -> tuple[str, ...]:
    return tuple(cell["value"] for cell in row["cells"])
