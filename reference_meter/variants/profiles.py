"""Profiles that store and give their rows in another way."""

from collections.abc import Mapping
from dataclasses import replace

from reference_meter.model.billing_settings import BillingSettings
from reference_meter.model.configuration import ProfileSettings
from reference_meter.model.date_time import LocalTime
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

_CODES = DEFAULT.instances
_COMPACT_ROWS = Variant(
    name="compact-rows",
    about="The load profile has ten columns, and its rows come as a compact array.",
    configuration=replace(
        DEFAULT,
        name="compact-rows",
        profile=ProfileSettings(
            compact=True,
            further_columns=(
                *((3, _CODES.energy_import_rate(rate)) for rate in DEFAULT.rates),
                *((3, _CODES.energy_export_rate(rate)) for rate in DEFAULT.rates),
                (3, _CODES.power_import),
                (4, _CODES.max_demand_import),
            ),
        ),
    ),
    declaration={
        "identity": {"name": "reference-compact-rows"},
        "profiles": {"load_profile": {"quantities": [{"class": 3, "obis": "1.0.2.7.0.255"}]}},
    },
)

_CLIPPED_DEPTH = Variant(
    name="clipped-depth",
    about="A number of entries beyond the largest one becomes the largest one.",
    configuration=replace(
        DEFAULT, name="clipped-depth", profile=ProfileSettings(most_entries=1200, clips_entries=True)
    ),
    declaration={
        "identity": {"name": "reference-clipped-depth"},
        "profiles": {"load_profile": {"most_entries": 1200, "depth_beyond": "clipped"}},
    },
)

_STATUS_TYPES = Variant(
    name="status-of-other-types",
    about="The status of a profile row is a bit-string, that of a stored set a number of four octets.",
    configuration=replace(
        DEFAULT,
        name="status-of-other-types",
        profile=ProfileSettings(status_type="bit-string"),
        billing=BillingSettings(status_type="double-long-unsigned"),
    ),
    declaration={"identity": {"name": "reference-status-of-other-types"}},
)

_NO_STATUS_OF_SETS = Variant(
    name="sets-without-status",
    about="Stored sets have no status.",
    configuration=replace(
        DEFAULT,
        name="sets-without-status",
        billing=BillingSettings(columns=("clock", "import", "export", "import rates", "export rates", "maximum")),
    ),
    declaration={"identity": {"name": "reference-sets-without-status"}, "billing": {"status": False}},
)

_HALF_HOUR_ZONE = Variant(
    name="half-hour-zone",
    about="The clock knows no daylight saving time, and lies five and a half hours ahead of UTC.",
    configuration=replace(
        DEFAULT, name="half-hour-zone", local_time=LocalTime(dst_enabled=False, zone_deviation_min=-330)
    ),
    declaration={"identity": {"name": "reference-half-hour-zone"}, "clock": {"dst": False}},
    exceptions=dict.fromkeys(
        (
            *("MF.1-N05", "TR-Conf.06e-P04", "TR-Conf.06e-P05", "TR-Conf.06f-P01", "TR-Conf.06f-P07"),
            *("TR-Conf.07a-P09", "TR-Conf.07a-P10", "TR-Conf.09a-P10", "TR-Conf.02a-P06"),
            *("TR-Conf.07a-N05", "TR-Conf.07a-N16", "TR-Conf.12a-N10"),
            *("MF.6-P10", "MF.6-P11", "MF.6-P42", "MF.6-P81", "MF.6-N07"),
        ),
        "there is no daylight saving time",
    ),
)

_OF_RANGES: Mapping[str, str] = {
    "TR-Conf.06d": "P01 P02 P04 P05 N01 N03",
    "TR-Conf.08b": "P03",
    "BI.02.step3": "P02 N01",
    "BI.02.step4": "P01 P02",
    "SU3.step2": "P04 P06 N04",
}
_OF_ENTRIES: Mapping[str, str] = {"TR-Conf.06d": "P03 N02 N04", "SU3.step2": "P05"}


def _selecting(selector: int, kind: str, missing: Mapping[str, str]) -> Variant:
    name = f"rows-by-{kind}"
    return Variant(
        name=name,
        about=f"Rows of the load profile can be selected by {kind} alone.",
        configuration=replace(DEFAULT, name=name, profile=ProfileSettings(selectors=(selector,))),
        declaration={
            "identity": {"name": f"reference-{name}"},
            "profiles": {"load_profile": {"selective_access": [kind]}},
        },
        exceptions={
            f"{step}-{number}": "there is no such selection of rows"
            for step, numbers in missing.items()
            for number in numbers.split()
        },
    )


VARIANTS = (
    _selecting(1, "range", _OF_ENTRIES),
    _selecting(2, "entry", _OF_RANGES),
    _NULL_DATA_ROWS,
    _NEWEST_FIRST,
    _LATE_ROWS,
    _COMPACT_ROWS,
    _CLIPPED_DEPTH,
    _STATUS_TYPES,
    _NO_STATUS_OF_SETS,
    _HALF_HOUR_ZONE,
)
