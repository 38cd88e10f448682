"""What the plugin tells whoever writes down how scenarios go."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Protocol

from harness.run.items import ItemMeta
from harness.verdict import ScenarioResult

__all__ = ["Records", "Witness"]

Records = Callable[[], Iterator[Mapping[str, Any]]]
"""Gives the trace records of the scenario, from the start each time."""


class Witness(Protocol):
    """Whoever writes down how scenarios go: Allure, the progress line, captures."""

    def scenario_begins(self, meta: ItemMeta) -> None:
        """Called before anything is sent."""

    def step_begins(self, text: str) -> None:
        """Called before each Gherkin step; ``text`` has its keyword."""

    def step_ends(self, lines: Sequence[str], error: BaseException | None) -> None:
        """Called after it, with the decoded exchange and what ended it."""

    def scenario_ends(self, meta: ItemMeta, result: ScenarioResult, records: Records) -> None:
        """Called with the verdict and the trace records of the scenario."""
