"""Profiles that store and give their rows in another way."""

from dataclasses import replace

from reference_meter.model.configuration import ProfileSettings
from reference_meter.variants.variant import DEFAULT, Variant

__all__ = ["VARIANTS"]

_NULL_DATA_ROWS = Variant(
    name="null-data-rows",
    about="Profile rows leave out as null-data what follows from the row before.",
    configuration=replace(DEFAULT, name="null-data-rows", profile=ProfileSettings(compressed=True)),
    declaration={
        "identity": {"name": "reference-null-data-rows"},
        "profiles": {"load_profile": {"compressed": True}},
    },
)

_NEWEST_FIRST = Variant(
    name="newest-first",
    about="The profile's newest row is the first of its buffer, which is short; only the sort method says so.",
    configuration=replace(
        DEFAULT, name="newest-first", profile=ProfileSettings(period_s=300, entries=12, newest_first=True)
    ),
    declaration={
        "identity": {"name": "reference-newest-first"},
        "profiles": {"load_profile": {"period_s": 300, "entries": 12}},
    },
)

_LATE_ROWS = Variant(
    name="late-rows",
    about="A profile row can be read three seconds after the capture of which it bears the time.",
    configuration=replace(DEFAULT, name="late-rows", profile=ProfileSettings(storing_s=3.0)),
    declaration={"identity": {"name": "reference-late-rows"}},
)

VARIANTS = (
    _NULL_DATA_ROWS,
    _NEWEST_FIRST,
    _LATE_ROWS,
)
