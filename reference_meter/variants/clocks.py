"""Clocks that are right in another way: without summer time, in another half of the world, with fewer methods."""

from dataclasses import replace

from reference_meter.model.clock_settings import ClockSettings
from reference_meter.model.configuration import ProfileSettings
from reference_meter.model.date_time import LocalTime
from reference_meter.model.dst_rule import rule_from_octets
from reference_meter.variants.variant import DEFAULT, Variant

__all__ = ["VARIANTS"]

_NEVER = "the clock knows no summer time"
_NO_METHOD = "the clock has no such method"
_OF_SUMMER_TIME = (
    *("MF.6-P10", "MF.6-P11", "MF.6-N07", "TR-Conf.06e-P04", "TR-Conf.06e-P05"),
    *("MF.6-P42", "MF.6-P81", "TR-Conf.06f-P01", "TR-Conf.07a-N05", "TR-Conf.07a-N16", "TR-Conf.12a-N10"),
    *("TR-Conf.06f-P07", "TR-Conf.07a-P09", "TR-Conf.07a-P10", "TR-Conf.09a-P10", "TR-Conf.02a-P06"),
    "MF.1-N05",
)
_OF_ZONE = (
    *("MF.6-P12", "MF.6-P13", "MF.6-P70", "MF.6-P71", "MF.6-N70"),
    *("TR-Conf.06d-P01", "BI.01.step3-P03"),
)
_OF_METHODS = ("MF.6-P03", "MF.6-P04", "MF.6-P05", "MF.6-P06", "MF.6-N04")

_NO_SUMMER_TIME = Variant(
    name="no-summer-time",
    about="The clock knows no summer time.",
    configuration=replace(
        DEFAULT, name="no-summer-time", local_time=LocalTime(zone_deviation_min=0, dst_enabled=False)
    ),
    declaration={"identity": {"name": "reference-no-summer-time"}, "clock": {"dst": False}},
    exceptions=dict.fromkeys(_OF_SUMMER_TIME, _NEVER),
)

_SOUTHERN = Variant(
    name="southern-summer-time",
    about="Summer time of half an hour runs over the new year, far from Greenwich; its rules name days and weekdays.",
    configuration=replace(
        DEFAULT,
        name="southern-summer-time",
        local_time=LocalTime(
            zone_deviation_min=-630,
            dst_deviation_min=30,
            dst_begin=rule_from_octets(bytes.fromhex("FFFF 0A 01 07 02 00 00 00 8000 00")),
            dst_end=rule_from_octets(bytes.fromhex("FFFF 04 01 07 02 00 00 00 8000 80")),
        ),
    ),
    declaration={"identity": {"name": "reference-southern-summer-time"}},
)

_PLAIN_CLOCK = Variant(
    name="plain-clock",
    about="Of the clock's methods there is shift_time alone, by less at once, and synchronising has another limit.",
    configuration=replace(
        DEFAULT,
        name="plain-clock",
        clock=ClockSettings(methods=frozenset({6}), shift_limit_s=300),
        sync_limit_s=20.0,
    ),
    declaration={
        "identity": {"name": "reference-plain-clock"},
        "clock": {"methods": ["shift_time"], "shift_limit_s": 300, "sync_limit_s": 20.0},
    },
    exceptions=dict.fromkeys(_OF_METHODS, _NO_METHOD),
)

_SHORT_DEMAND = Variant(
    name="short-demand-period",
    about="Demand is averaged over five minutes, and the load profile is captured by the hour.",
    configuration=replace(
        DEFAULT,
        name="short-demand-period",
        demand_period_s=300,
        profile=ProfileSettings(period_s=3600),
    ),
    declaration={
        "identity": {"name": "reference-short-demand-period"},
        "profiles": {"load_profile": {"period_s": 3600}},
    },
    exceptions=dict.fromkeys(("TR-Conf.06b-P01", "TR-Conf.06b-P02"), "the period is the longest that can be set"),
)

_LOCAL_TIMES = Variant(
    name="times-without-deviation",
    about="All times are local, and leave their deviation open; there is no summer time.",
    configuration=replace(
        DEFAULT,
        name="times-without-deviation",
        local_time=LocalTime(zone_deviation_min=-330, dst_enabled=False, shows_deviation=False),
    ),
    declaration={"identity": {"name": "reference-times-without-deviation"}, "clock": {"dst": False}},
    exceptions=dict.fromkeys(_OF_SUMMER_TIME, _NEVER) | dict.fromkeys(_OF_ZONE, "times do not tell their zone"),
)

_STORED_LOCALLY = Variant(
    name="stored-without-deviation",
    about="The clock shows its deviation; the times in logs, profiles and registers are local and leave it open.",
    configuration=replace(DEFAULT, name="stored-without-deviation", local_time=LocalTime(stored_deviation=False)),
    declaration={"identity": {"name": "reference-stored-without-deviation"}},
    exceptions={"TR-Conf.06d-P01": "the time stamps show no deviation"},
)

VARIANTS = (_NO_SUMMER_TIME, _SOUTHERN, _PLAIN_CLOCK, _SHORT_DEMAND, _LOCAL_TIMES, _STORED_LOCALLY)
