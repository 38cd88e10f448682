"""Other habits of noting: columns of logs the other way round, entries of the same value, entries of each answer."""

from dataclasses import replace

from reference_meter.model.event_settings import EventSettings
from reference_meter.variants.variant import DEFAULT, Variant

__all__ = ["VARIANTS"]

_CODE_FIRST = Variant(
    name="log-columns-reversed",
    about="In the rows of event logs the code stands before the time.",
    configuration=replace(DEFAULT, name="log-columns-reversed", events=EventSettings(code_first=True)),
    declaration={"identity": {"name": "reference-log-columns-reversed"}},
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

VARIANTS = (_CODE_FIRST, _SAME_VALUE, _EACH_ANSWER)
