"""Events under the codes and in the logs of another family of meters."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from reference_meter.model.configuration import Instances
from reference_meter.model.data import obis
from reference_meter.model.event_settings import USUAL_EVENTS, Event, EventRole, EventSettings
from reference_meter.model.push_settings import PushSettings
from reference_meter.variants.variant import DEFAULT, Variant

__all__ = ["VARIANTS"]

_INSTANCES = Instances(communication_log=obis("0.0.99.98.4.255"), communication_event_code=obis("0.0.96.11.4.255"))
_NOT_NOTED: tuple[EventRole, ...] = (
    "keys_changed",
    "decryption_failure",
    "replay",
    "manual_disconnection",
    "manual_connection",
    "ready_for_manual_connection",
)
# 48 and 49 are the cover of the communication module here, 71 and 72 maintenance, 73 to 76 collected data.
_OTHER_CODES: Mapping[EventRole, Event] = {
    "parameters_changed": Event(code=47),
    "firmware_verification_failed": Event(code=231),
    "seal_opened": Event(code=48, log="fraud"),
    "seal_closed": Event(code=49, log="fraud"),
    "monitor_exceeded": Event(code=232),
    "monitor_ok": Event(code=233),
    "readings_collected": Event(code=73, log="communication"),
    "intervals_collected": Event(code=75, log="communication"),
    "readings_collected_gas": Event(code=74, log="communication"),
    "intervals_collected_gas": Event(code=76, log="communication"),
}
_NOTED: Mapping[EventRole, Event] = {
    role: event for role, event in {**USUAL_EVENTS, **_OTHER_CODES}.items() if role not in _NOT_NOTED
}


def _declared(noted: Mapping[EventRole, Event]) -> dict[str, Any]:
    """The events of a meter as its declaration has them."""
    return {
        role: {"code": noted[role].code, "log": f"{noted[role].log}_log"} if role in noted else "absent"
        for role in USUAL_EVENTS
    }


_DSMR_LIKE = Variant(
    name="dsmr-like",
    about="Codes and logs as in DSMR meters, the newest entry of a log first, and no events of ciphering and keys.",
    configuration=replace(
        DEFAULT,
        name="dsmr-like",
        instances=_INSTANCES,
        events=EventSettings(events=_NOTED, entries=40, newest_first=True, authentication_failures=3),
    ),
    declaration={
        "identity": {"name": "reference-dsmr-like"},
        "objects": {"communication_log": {"obis": "0.0.99.98.4.255"}},
        "events": _declared(_NOTED),
        "security": {"authentication_failures_before_event": 3},
    },
    exceptions={
        **dict.fromkeys(("TR-Conf.05b-P03", "TR-Conf.05b-P05"), "ciphering makes no events"),
        "TR-Conf.02a-P02": "keys that are changed make no event",
    },
)

_OTHERS_PUSHED = Variant(
    name="push-when-clock-is-set",
    about="That the clock was set is told at once; nothing else is.",
    configuration=replace(DEFAULT, name="push-when-clock-is-set", push=PushSettings(events=("clock_adjusted_new",))),
    declaration={
        "identity": {"name": "reference-push-when-clock-is-set"},
        "events": {
            "seal_opened": {"pushed": False},
            "clock_invalid": {"pushed": False},
            "clock_adjusted_new": {"pushed": True},
        },
    },
    exceptions=dict.fromkeys(("MF.1-P53", "MF.1-N52"), "it pushes some events and others not"),
)

_TELLS_CLIENT = Variant(
    name="logs-tell-client",
    about="Beside each entry stand the partners of the association in which a client made the change.",
    configuration=replace(DEFAULT, name="logs-tell-client", events=EventSettings(tells_client=True)),
    declaration={
        "identity": {"name": "reference-logs-tell-client"},
        "logs": {
            "standard_log": {"client_column": 3},
            "fraud_log": {"client_column": 3},
            "communication_log": {"client_column": 3},
            "disconnector_log": {"client_column": 4},
        },
    },
)

VARIANTS = (_DSMR_LIKE, _OTHERS_PUSHED, _TELLS_CLIENT)
