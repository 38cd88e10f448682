"""The bench's hand on a meter: plain JSON objects in and out."""

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from reference_meter.meter import Meter

__all__ = ["control"]

_LONGEST_ADVANCE_S = 20 * 366 * 86_400.0
_HIGHEST_POWER_W = 1e9
_LARGEST_DRIFT_PPM = 1e5
_CHILD = "gas"
_FIRMWARE = ("other", "former")
_ALARMS = {"good": 0x00, "tampered": 0x02}
"""How the meter behind may be, and the bits of the alarm that it raises."""


def control(meter: "Meter", request: object) -> dict[str, Any]:
    """Carry out one order; a wrong one changes nothing and is answered with ``ok`` false and the reason."""
    try:
        if not isinstance(request, dict):
            raise ValueError("a request is a JSON object")
        operation = _OPERATIONS.get(str(request.get("op")))
        if operation is None:
            raise ValueError(f"unknown op {request.get('op')!r}; allowed: {', '.join(_OPERATIONS)}")
        allowed, carry_out = operation
        unknown = sorted(set(request) - {"op", *allowed})
        if unknown:
            raise ValueError(f"unknown key {unknown[0]!r}; allowed: {', '.join(('op', *allowed))}")
        return {"ok": True, **carry_out(meter, request)}
    except ValueError as error:
        return {"ok": False, "error": str(error)}


def _now(meter: "Meter", request: dict[str, Any]) -> dict[str, Any]:
    clock = meter.model.metering.clock
    return {
        "utc": clock.now.isoformat(),
        "true_utc": meter.model.metering.true_time.isoformat(),
        "local": clock.rules.local(clock.now).isoformat(),
        "deviation_min": clock.rules.deviation_min(clock.now),
    }


def _advance(meter: "Meter", request: dict[str, Any]) -> dict[str, Any]:
    meter.model.metering.advance(_number(request, "seconds", _LONGEST_ADVANCE_S))
    return _now(meter, request)


def _set_load(meter: "Meter", request: dict[str, Any]) -> dict[str, Any]:
    import_w = _number(request, "import_w", _HIGHEST_POWER_W)
    export_w = _number({"export_w": 0.0, **request}, "export_w", _HIGHEST_POWER_W)
    meter.model.metering.energy.set_load(import_w=import_w, export_w=export_w)
    meter.model.metering.plan()
    return {}


def _button(meter: "Meter", request: dict[str, Any]) -> dict[str, Any]:
    meter.model.parts.supply.press(str(request.get("name")))
    return {}


def _clock_invalid(meter: "Meter", request: dict[str, Any]) -> dict[str, Any]:
    meter.model.parts.lose_time()
    return {}


def _drift(meter: "Meter", request: dict[str, Any]) -> dict[str, Any]:
    ppm = request.get("ppm")
    if isinstance(ppm, bool) or not isinstance(ppm, int | float) or not abs(ppm) <= _LARGEST_DRIFT_PPM:
        raise ValueError(f"ppm is from {-_LARGEST_DRIFT_PPM:g} to {_LARGEST_DRIFT_PPM:g}, not {ppm!r}")
    meter.model.metering.drift_ppm = float(ppm)
    return {}


def _drop_links(meter: "Meter", request: dict[str, Any]) -> dict[str, Any]:
    meter.drop_links()
    return {}


def _seal(meter: "Meter", request: dict[str, Any]) -> dict[str, Any]:
    to_open = request.get("open")
    if not isinstance(to_open, bool):
        raise ValueError(f"open is true or false, not {to_open!r}")
    seal = meter.model.parts.seal
    if seal is None:
        raise ValueError("this meter has no seal")
    seal.move(to_open=to_open)
    return {}


def _power_cut(meter: "Meter", request: dict[str, Any]) -> dict[str, Any]:
    meter.cut_power()
    return {}


def _power_restore(meter: "Meter", request: dict[str, Any]) -> dict[str, Any]:
    meter.restore_power()
    return {}


def _fault(meter: "Meter", request: dict[str, Any]) -> dict[str, Any]:
    present = request.get("set")
    if not isinstance(present, bool):
        raise ValueError(f"set is true or false, not {present!r}")
    meter.model.metering.capture.critical_error = present
    return {}


def _child(meter: "Meter", request: dict[str, Any]) -> dict[str, Any]:
    name, condition, gas = request.get("name"), str(request.get("condition")), meter.model.parts.mbus.gas
    if gas is None or name != _CHILD:
        raise ValueError(f"no device {name!r} here; there is {_CHILD if gas else 'none'}")
    if condition not in _ALARMS:
        raise ValueError(f"unknown condition {condition!r}; allowed: {', '.join(_ALARMS)}")
    gas.raised = _ALARMS[condition]
    return {}


def _firmware(meter: "Meter", request: dict[str, Any]) -> dict[str, Any]:
    installed = request.get("installed")
    if installed not in _FIRMWARE:
        raise ValueError(f"installed is {' or '.join(_FIRMWARE)}, not {installed!r}")
    meter.install_firmware(other=installed == _FIRMWARE[0])
    return {}


def _fired(meter: "Meter", request: dict[str, Any]) -> dict[str, Any]:
    return {"fired": meter.fired()}


def _number(request: dict[str, Any], key: str, highest: float) -> float:
    """A finite number from 0 up to ``highest``."""
    value = request.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(f"{key} is a number, not {value!r}")
    if not 0 <= value <= highest:
        raise ValueError(f"{key} is from 0 to {highest:g}, not {value!r}")
    return float(value)


_OPERATIONS: dict[str, tuple[tuple[str, ...], Callable[["Meter", dict[str, Any]], dict[str, Any]]]] = {
    "now": ((), _now),
    "advance": (("seconds",), _advance),
    "set_load": (("import_w", "export_w"), _set_load),
    "clock_invalid": ((), _clock_invalid),
    "drift": (("ppm",), _drift),
    "drop_links": ((), _drop_links),
    "seal": (("open",), _seal),
    "button": (("name",), _button),
    "power_cut": ((), _power_cut),
    "power_restore": ((), _power_restore),
    "fault": (("set",), _fault),
    "child": (("name", "condition"), _child),
    "firmware": (("installed",), _firmware),
    "fired": ((), _fired),
}
"""Name of an operation, the keys that it takes, and what it does."""
