"""Feature files as the harness sees them: read, and refused where a run could go wrong silently."""

from harness.features.read import read_features
from harness.features.source import ScenarioSource, ids_by_clause
from harness.features.tags import DOOR_PROTOCOLS

__all__ = ["DOOR_PROTOCOLS", "ScenarioSource", "ids_by_clause", "read_features"]
