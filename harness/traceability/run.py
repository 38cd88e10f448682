"""``conformeter trace``: read everything, print the matrix, say by the exit code whether it has gaps."""

import json
from collections.abc import Sequence
from importlib.metadata import entry_points
from pathlib import Path

from rich.console import Console

from harness.catalogue import load_catalogue
from harness.declaration import NEEDS
from harness.features import read_features
from harness.traceability.matrix import DeviationLike, InvariantLike, trace
from harness.traceability.text import print_trace

__all__ = ["installed_deviations", "installed_invariants", "run_trace"]


def installed_deviations() -> tuple[DeviationLike, ...]:
    """Return the deviations of every installed device and head end, by the entry points for faults."""
    points = sorted(entry_points(group="conformeter.faults"), key=lambda point: point.name)
    return tuple(deviation for point in points for deviation in point.load().deviations())


def installed_invariants() -> Sequence[InvariantLike]:
    """Return the harness's own invariants."""
    # Imported on use: the matrix itself has no business with the protocols that invariants decode.
    from harness.checks.invariants import INVARIANTS

    return INVARIANTS


def run_trace(
    root: Path,
    *,
    as_json: bool,
    allow_gaps: bool,
    console: Console,
    invariants: Sequence[InvariantLike] | None = None,
    deviations: Sequence[DeviationLike] | None = None,
) -> int:
    """Print the traceability of the suite below ``root``; returns 1 on gaps unless they are allowed, else 0.

    ``invariants`` and ``deviations`` are the installed ones by default. Raises ``CatalogueError`` and
    ``FeatureError`` for wrong files.
    """
    catalogue = load_catalogue(root / "requirements")
    scenarios = read_features(root / "features", catalogue, needs=NEEDS)
    result = trace(
        catalogue,
        scenarios,
        installed_invariants() if invariants is None else invariants,
        installed_deviations() if deviations is None else deviations,
    )
    if as_json:
        # Not console.print: it would wrap the text at the width of the terminal.
        console.file.write(json.dumps(result.as_json(), indent=2, ensure_ascii=False) + "\n")
    else:
        print_trace(result, console)
    return 1 if result.gaps and not allow_gaps else 0
