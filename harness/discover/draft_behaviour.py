"""What only people can fill in: events, behaviour, effects, lab; with what the device tells of it."""

from collections.abc import Iterator
from typing import Final

from harness.discover.found import Found
from harness.discover.roles import described, objects_by_role
from harness.discover.toml_text import comment, heading, inline, question, setting

__all__ = ["behaviour_lines"]

_OFTEN: Final[dict[str, tuple[int, str]]] = {
    "power_down": (1, "standard_log"),
    "power_up": (2, "standard_log"),
    "dst_changed": (3, "standard_log"),
    "clock_adjusted_old": (4, "standard_log"),
    "clock_adjusted_new": (5, "standard_log"),
    "clock_invalid": (6, "standard_log"),
    "tariff_activated": (9, "standard_log"),
    "passive_tariff_changed": (19, "standard_log"),
    "authentication_failure": (46, "fraud_log"),
    "parameters_changed": (47, "standard_log"),
    "keys_changed": (48, "standard_log"),
    "decryption_failure": (49, "fraud_log"),
    "replay": (50, "fraud_log"),
    "manual_disconnection": (60, "disconnector_log"),
    "manual_connection": (61, "disconnector_log"),
    "remote_disconnection": (62, "disconnector_log"),
    "remote_connection": (63, "disconnector_log"),
    "local_disconnection": (64, "disconnector_log"),
    "threshold_exceeded": (65, "disconnector_log"),
    "threshold_ok": (66, "disconnector_log"),
    "threshold_changed": (67, "disconnector_log"),
    "readings_collected": (73, "communication_log"),
    "load_profile_cleared": (254, "standard_log"),
    "log_cleared": (255, ""),
}
"""Event -> code and log of many meters of European families; they clash in part, so a person has to look."""
_OBJECTS_TOLD: Final = {
    8: {
        2: "time",
        3: "time zone in min",
        5: "summer begins",
        6: "summer ends",
        7: "deviation in min",
        8: "summer time",
    },
    64: {2: "policy", 3: "suite", 5: "system title"},
    70: {3: "control state", 4: "control mode"},
    71: {2: "monitors"},
    20: {2: "calendar in force"},
    22: {4: "times"},
    40: {3: "pushes to"},
    41: {2: "port", 6: "inactivity time-out in s"},
    72: {6: "identification", 7: "manufacturer", 8: "version", 9: "medium"},
}


def behaviour_lines(found: Found) -> Iterator[str]:
    """Yield everything behind the profiles."""
    yield from heading("what else the device told")
    yield from _told(found)
    yield from heading("events: which code stands in which log")
    yield "[events]"
    yield question("take away the sign in front of what the device logs, with its own code and log:")
    for role, (code, log) in _OFTEN.items():
        event = {"code": code, **({"log": log} if log else {})}
        yield question(f"{role} = {inline(event)}")
    yield from heading("how the device behaves")
    yield question("[security] lock_out: is a client locked out after failures? Without an answer a run takes no risk")
    yield question("[access] seal: is there a sealed switch, and which parameters are behind it?")
    yield question("[metrology] legally_relevant: what can nothing from outside change?")
    yield question(
        "[clock] sync_limit_s, dst; [billing], [tariff], [limiter], [disconnector]: see devices/template.toml"
    )
    yield from heading("what a run may do to the device")
    yield "[effects]"
    yield setting("ceiling", ["reads"])
    yield question("ceiling: more than reading? Much can be judged only if a run may write (and put back) parameters")
    yield from heading("bench and lab")
    yield "[bench]"
    yield setting("time", "realtime")
    yield question('load = "realtime" with [bench.constant_load] import_w: what load does the device measure?')
    yield question("power, hands, disturbance: who cuts the supply, opens the seal? See devices/template.toml")


def _told(found: Found) -> Iterator[str]:
    said = False
    for class_id, attributes in _OBJECTS_TOLD.items():
        for one in found.of_class(class_id):
            values = [
                f"{what} {described(found.values[class_id, one.obis, number])}"
                for number, what in attributes.items()
                if (class_id, one.obis, number) in found.values
            ]
            if values:
                said = True
                yield comment(f"class {class_id} {one.obis}: {', '.join(values)}")
    for one in objects_by_role(found).get("sap_assignment", ()):
        data = found.values.get((17, one.obis, 2))
        if data is not None:
            said = True
            yield comment(f"logical devices (SAP, name): {described(data)}")
            if isinstance(data.value, tuple) and len(data.value) > 1:
                yield question("this draft is of one logical device; discover --server SAP asks another one")
    if not said:
        yield comment("nothing")
