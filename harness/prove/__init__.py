"""The proof engine: every deviation must be caught, every variant must pass."""

from harness.prove.engine import ProveSettings, prove_suite

__all__ = ["ProveSettings", "prove_suite"]
