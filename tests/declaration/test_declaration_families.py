"""Declarations of the reference meter as families of meters have their events and logs."""

from pathlib import Path
from typing import Any

from harness.declaration import Event, merge_patch, parse_declaration, read_data
from reference_meter.variants import VARIANTS

DEVICES = Path(__file__).parents[2] / "devices"


def _data(name: str) -> dict[str, Any]:
    return read_data(DEVICES / name)


def test_the_idis_like_family_is_the_default_meter() -> None:
    due = merge_patch(_data("reference-loop.toml"), {"identity": {"name": "reference-idis-like"}})
    assert _data("reference-idis.toml") == due


def test_the_dsmr_like_family_is_the_variant_of_that_name() -> None:
    due = merge_patch(_data("reference-loop.toml"), VARIANTS["dsmr-like"].declaration)
    for door in due["doors"]:
        door["url"] += "?variant=dsmr-like"
    for child in due["children"]:
        child["link"]["url"] += "?variant=dsmr-like"
    assert _data("reference-dsmr.toml") == due
    events = parse_declaration(due, name="the family").events.declared
    assert len([event for event in events.values() if isinstance(event, Event)]) > 20
