"""Benches by name, found by the entry points of group ``conformeter.benches``."""

from importlib.metadata import entry_points
from typing import Any

from harness.bench.base import BenchContext
from harness.errors import UsageError

__all__ = ["bench_named"]

_GROUP = "conformeter.benches"


def bench_named(name: str | None, context: BenchContext) -> Any:
    """Return the bench of that name, or None for no name; raises ``UsageError`` naming what there is."""
    if name is None:
        return None
    known = {entry.name: entry for entry in entry_points(group=_GROUP)}
    if name not in known:
        raise UsageError(f"[bench] {name!r}: no such bench; allowed: {', '.join(sorted(known))}")
    return known[name].load()(context)
