"""Other habits of noting: columns of logs the other way round, entries of the same value, entries of each answer."""

from collections.abc import Mapping
from dataclasses import replace

from reference_meter.model.event_settings import USUAL_EVENTS, EventRole, EventSettings
from reference_meter.variants.variant import DEFAULT, Variant

__all__ = ["VARIANTS"]

_CODE_FIRST = Variant(
    name="log-columns-reversed",
    about="In the rows of event logs the code stands before the time.",
    configuration=replace(DEFAULT, name="log-columns-reversed", events=EventSettings(code_first=True)),
    declaration={"identity": {"name": "reference-log-columns-reversed"}},
)

_FURTHER_COLUMN = Variant(
    name="log-columns-further",
    about="In the rows of event logs a number of the entry and the code stand before the time.",
    configuration=replace(DEFAULT, name="log-columns-further", events=EventSettings(code_first=True, numbered=True)),
    declaration={"identity": {"name": "reference-log-columns-further"}},
)

_SHORT_LOGS = Variant(
    name="short-logs",
    about="Each event log holds ten entries, the newest first.",
    configuration=replace(DEFAULT, name="short-logs", events=EventSettings(entries=10, newest_first=True)),
    declaration={"identity": {"name": "reference-short-logs"}},
)

_ALONG: Mapping[EventRole, int] = {
    "parameters_changed": 240,
    "passive_tariff_changed": USUAL_EVENTS["parameters_changed"].code,
    "threshold_changed": 241,
    "keys_changed": 242,
    "readings_collected": 243,
    "intervals_collected": 243,
    "readings_collected_gas": 243,
    "intervals_collected_gas": 243,
    "clock_adjusted_new": 244,
    "tariff_activated": 245,
}
_FURTHER_ENTRIES = Variant(
    name="further-log-entries",
    about="Each change leaves a further entry of another code beside that of its event.",
    configuration=replace(DEFAULT, name="further-log-entries", events=EventSettings(along=_ALONG)),
    declaration={
        "identity": {"name": "reference-further-log-entries"},
        "events": {role: {"accompanied_by": [code]} for role, code in _ALONG.items()},
    },
)

_CODES, _SETS = DEFAULT.instances, DEFAULT.billing
_MONITORED = Variant(
    name="changes-in-monitor-log",
    about="The audit trail is the log of the parameter monitor; a change of a parameter is no event of its own.",
    configuration=replace(
        DEFAULT,
        name="changes-in-monitor-log",
        events=EventSettings(events={role: one for role, one in USUAL_EVENTS.items() if role != "parameters_changed"}),
        further_watched=(
            *((7, one.profile, number) for one in map(_SETS.of, _SETS.intervals) for number in (3, 8)),
            *((22, one.schedule, 4) for one in (_SETS.week, _SETS.month, _SETS.year) if one.schedule),
            *((5, _CODES.average_demand_import, number) for number in (8, 9)),
            (9, _CODES.tariff_script, 2),
            (11, _CODES.special_days, 2),
            (65, _CODES.parameter_monitor, 4),
            (1, _CODES.collection_filter, 2),
            (1, _CODES.transformer_ratio_current, 2),
            (1, _CODES.transformer_ratio_voltage, 2),
            *((71, _CODES.limiter, number) for number in (6, 7)),
        ),
    ),
    declaration={
        "identity": {"name": "reference-changes-in-monitor-log"},
        "events": {"parameters_changed": {"code": 0, "log": "parameter_monitor_log"}},
        "audit": {"billing_methods": []},
    },
    exceptions={"TR-Conf.11a-P02": "what a method changes leaves no row there"},
)

_SAME_VALUE = Variant(
    name="same-value-logged",
    about="A parameter that is written as it is counts as a change, and leaves an entry.",
    configuration=replace(DEFAULT, name="same-value-logged", events=EventSettings(same_value_noted=True)),
    declaration={"identity": {"name": "reference-same-value-logged"}, "audit": {"same_value_logged": "yes"}},
)

_EACH_ANSWER = Variant(
    name="each-answer-logged",
    about="Of a list of registers each one leaves an entry in the log of data collection.",
    configuration=replace(DEFAULT, name="each-answer-logged", events=EventSettings(each_answer_noted=True)),
    declaration={"identity": {"name": "reference-each-answer-logged"}, "collection": {"unit": "answer"}},
    exceptions={"TR-Conf.09a-P50": "nobody knows how many values a readout counts as"},
)

VARIANTS = (_CODE_FIRST, _FURTHER_COLUMN, _SHORT_LOGS, _FURTHER_ENTRIES, _MONITORED, _SAME_VALUE, _EACH_ANSWER)
