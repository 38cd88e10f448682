"""Sets stored at regular times, in other ways, under other codes, and many rows of a year."""

from dataclasses import replace

from reference_meter.model.billing_settings import BillingSettings, SetSettings
from reference_meter.model.configuration import ProfileSettings
from reference_meter.model.data import obis
from reference_meter.variants.variant import DEFAULT, Variant

__all__ = ["VARIANTS"]

_YEAR_ROWS = 36_000
_NO_WEEKS_OR_YEARS = dict.fromkeys(
    ("TR-Conf.07b-P02", "TR-Conf.07a-N15", "TR-Conf.07a-N01", "MF.1-P03"), "no sets of weeks and years are stored"
)

_ELSEWHERE = Variant(
    name="sets-elsewhere",
    about="Sets of days and months alone, under other codes, with their columns in another order.",
    configuration=replace(
        DEFAULT,
        name="sets-elsewhere",
        billing=BillingSettings(
            day=SetSettings(profile=obis("1.0.98.2.0.255"), status=obis("0.0.96.10.7.255"), entries=31),
            month=SetSettings(
                profile=obis("1.0.98.1.0.255"),
                status=obis("0.0.96.10.8.255"),
                entries=24,
                schedule=obis("0.1.15.0.0.255"),
            ),
            intervals=("day", "month"),
            script=obis("0.1.10.0.1.255"),
            counter=obis("1.0.0.1.0.255"),
            time=obis("1.0.0.1.2.255"),
            columns=("clock", "maximum", "export rates", "import rates", "export", "status", "import"),
        ),
    ),
    declaration={
        "identity": {"name": "reference-sets-elsewhere"},
        "objects": {
            "daily_profile": {"obis": "1.0.98.2.0.255"},
            "billing_profile": {"obis": "1.0.98.1.0.255"},
            "weekly_profile": "absent",
            "yearly_profile": "absent",
            "billing_script": {"obis": "0.1.10.0.1.255"},
            "billing_schedule": {"obis": "0.1.15.0.0.255"},
            "billing_counter": {"obis": "1.0.0.1.0.255"},
            "billing_time": {"obis": "1.0.0.1.2.255"},
        },
        "profiles": {
            "daily_profile": {"entries": 31},
            "billing_profile": {"entries": 24},
            "weekly_profile": None,
            "yearly_profile": None,
        },
    },
    exceptions=_NO_WEEKS_OR_YEARS,
)

_NO_LATE_SETS = Variant(
    name="no-late-sets",
    about="A set whose time came without supply or was leapt over is never stored; closings follow each other at once.",
    configuration=replace(DEFAULT, name="no-late-sets", billing=BillingSettings(catches_up=False, lock_out_s=0.0)),
    declaration={
        "identity": {"name": "reference-no-late-sets"},
        "billing": {"late_closing": "none", "clock_forward": "none", "lock_out_s": 0.0},
    },
    exceptions={"TR-Conf.07a-N02": "billing periods can be ended one right after the other"},
)

_FEW_SETS = Variant(
    name="few-sets",
    about="Few sets are kept, the newest first, and a number of them beyond the largest becomes the largest.",
    configuration=replace(
        DEFAULT,
        name="few-sets",
        billing=BillingSettings(
            day=replace(DEFAULT.billing.day, entries=6),
            week=replace(DEFAULT.billing.week, entries=5),
            month=replace(DEFAULT.billing.month, entries=6),
            year=replace(DEFAULT.billing.year, entries=2),
            most_entries=20,
            clips_entries=True,
            newest_first=True,
        ),
    ),
    declaration={
        "identity": {"name": "reference-few-sets"},
        "profiles": {
            f"{role}_profile": {"entries": entries, "most_entries": 20, "depth_beyond": "clipped"}
            for role, entries in (("daily", 6), ("weekly", 5), ("billing", 6), ("yearly", 2))
        },
    },
)

_YEAR_DEEP = Variant(
    name="year-deep",
    about="The load profile keeps the rows of more than a year.",
    configuration=replace(
        DEFAULT, name="year-deep", profile=ProfileSettings(entries=_YEAR_ROWS, most_entries=_YEAR_ROWS)
    ),
    declaration={
        "identity": {"name": "reference-year-deep"},
        "profiles": {"load_profile": {"entries": _YEAR_ROWS, "most_entries": _YEAR_ROWS}},
    },
    exceptions={"TR-Conf.06d-P03": "there are more rows than are read to compare with"},
)

VARIANTS = (_ELSEWHERE, _NO_LATE_SETS, _FEW_SETS, _YEAR_DEEP)
