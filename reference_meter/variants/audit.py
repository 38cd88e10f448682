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

_ALONG: Mapping[EventRole, int] = {
    "parameters_changed": 240,
    "passive_tariff_changed": USUAL_EVENTS["parameters_changed"].code,
    "threshold_changed": 241,
    "keys_changed": 242,
    "readings_collected": 243,
    "intervals_collected": 243,
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
)

VARIANTS = (_CODE_FIRST, _FURTHER_COLUMN, _FURTHER_ENTRIES, _SAME_VALUE, _EACH_ANSWER)
