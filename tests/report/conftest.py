"""A catalogue and results to report about."""

from collections.abc import Callable
from pathlib import Path

import pytest

from harness.catalogue import Catalogue, load_catalogue
from harness.verdict import Finding, ScenarioResult, Verdict

ResultMaker = Callable[..., ScenarioResult]


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load_catalogue(Path(__file__).parents[2] / "requirements")


@pytest.fixture(scope="session")
def make_result() -> ResultMaker:
    def make(
        scenario: str,
        verdict: Verdict = Verdict.PASS,
        *clauses: str,
        door: str = "loop-wrapper",
        row: str | None = None,
        reason: str = "",
        blames: tuple[str, ...] = (),
    ) -> ScenarioResult:
        requirements = clauses or (scenario.rpartition("-")[0],)
        return ScenarioResult(
            key=f"{scenario}{'.' + row if row else ''}@{door}",
            id=scenario,
            row=row,
            door=door,
            title=f"Title of {scenario}",
            requirements=requirements,
            verdict=verdict,
            reason=reason,
            findings=tuple(
                Finding(clause=clause, expected="silence", observed="an answer", frame=4) for clause in blames
            ),
            time="virtual",
            duration_s=0.25,
            steps=("Given a link", "When the request is sent", "Then nothing comes"),
        )

    return make
