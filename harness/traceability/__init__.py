"""Traceability: requirements -> clauses -> scenarios -> deviations, what is missing and why."""

from harness.traceability.matrix import (
    ClauseTrace,
    DeviationLike,
    Gap,
    InvariantLike,
    RequirementTrace,
    Traceability,
    trace,
)
from harness.traceability.run import installed_deviations, installed_invariants, run_trace

__all__ = [
    "ClauseTrace",
    "DeviationLike",
    "Gap",
    "InvariantLike",
    "RequirementTrace",
    "Traceability",
    "installed_deviations",
    "installed_invariants",
    "run_trace",
    "trace",
]
