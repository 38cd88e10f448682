"""MF.5: a switch of the supply that moves otherwise than its mode of control says."""

from collections.abc import Callable
from random import Random
from typing import Any

from reference_meter.deviations.family import deviation, wrap
from reference_meter.meter import Meter
from reference_meter.model.event_settings import EventRole
from reference_meter.model.objects import MEASURING
from reference_meter.model.supply.modes import MODES, ControlState, Request

__all__ = ["FAMILIES"]

_CLAUSE = "MF.5"
_REMOTE_MODES = tuple(mode for mode in MODES if mode)


@deviation(
    "ready-left-out",
    _CLAUSE,
    about="A remote reconnection connects at once where a person ought to have the last word.",
)
def ready_left_out(meter: Meter, rng: Random) -> None:
    """Draw the mode."""
    mode, switch = rng.choice((1, 3, 5, 6)), meter.model.parts.supply.disconnector

    def move(original: Callable[[ControlState], None], target: ControlState) -> None:
        if switch.mode == mode and switch.state is ControlState.DISCONNECTED and target is ControlState.READY:
            meter.fire()
            target = ControlState.CONNECTED
        original(target)

    wrap(switch, "move", move)


@deviation("remote-request-without-effect", _CLAUSE, about="A remote request is acknowledged and nothing moves.")
def remote_request_without_effect(meter: Meter, rng: Random) -> None:
    """Draw the request and the mode."""
    wanted: Request = rng.choice(("remote_disconnect", "remote_reconnect"))
    mode, switch = rng.choice(_REMOTE_MODES), meter.model.parts.supply.disconnector

    def request(original: Callable[[Request], bool], asked: Request) -> bool:
        if asked == wanted and switch.mode == mode:
            meter.fire()
            return True
        return original(asked)

    wrap(switch, "request", request)


@deviation("always-connected-mode-ignored", _CLAUSE, about="In the mode without control requests move the switch.")
def mode_without_control_ignored(meter: Meter, rng: Random) -> None:
    """Draw the kind of request."""
    kind, switch = rng.choice(("remote", "manual")), meter.model.parts.supply.disconnector

    def request(original: Callable[[Request], bool], asked: Request) -> bool:
        target = MODES[2].get((asked, switch.state))
        if switch.mode == 0 and asked.startswith(kind) and target is not None:
            meter.fire()
            switch.move(target)
            return True
        return original(asked)

    def remotely(original: Callable[[Request], None], asked: Request) -> None:
        if switch.mode != 0 or not switch.request(asked):
            original(asked)

    wrap(switch, "request", request)
    wrap(switch, "remotely", remotely)


@deviation("button-works-in-every-mode", _CLAUSE, about="The button disconnects where the mode allows it to nobody.")
def button_works_in_every_mode(meter: Meter, rng: Random) -> None:
    """Draw the mode."""
    mode, switch = rng.choice((3, 4, 6, 7)), meter.model.parts.supply.disconnector

    def request(original: Callable[[Request], bool], asked: Request) -> bool:
        if asked == "manual_disconnect" and switch.mode == mode and switch.connected:
            meter.fire()
            switch.move(ControlState.READY)
            return True
        return original(asked)

    wrap(switch, "request", request)


@deviation("output-contradicts-state", _CLAUSE, about="The output says on while the switch is off.")
def output_contradicts_state(meter: Meter, rng: Random) -> None:
    """Draw in which state that shows."""
    state = rng.choice((ControlState.DISCONNECTED, ControlState.READY))
    switch = meter.model.parts.supply.disconnector

    def output(original: Callable[[], bool]) -> bool:
        if switch.state is state:
            meter.fire()
            return True
        return original()

    wrap(switch, "output", output)


@deviation("switch-forgets-with-power", _CLAUSE, about="After a power cut the supply is connected, whatever it was.")
def switch_forgets(meter: Meter, rng: Random) -> None:
    """Draw nothing."""
    switch = meter.model.parts.supply.disconnector

    def restore_power(original: Callable[[], None]) -> None:
        if not switch.connected:
            meter.fire()
            switch.move(ControlState.CONNECTED)
        original()

    wrap(meter.model.parts, "restore_power", restore_power)


@deviation("switching-not-noted", _CLAUSE, about="A move of the switch leaves no entry.")
def switching_not_noted(meter: Meter, rng: Random) -> None:
    """Draw the event."""
    events: tuple[EventRole, ...] = (
        "remote_disconnection",
        "remote_connection",
        "manual_disconnection",
        "manual_connection",
    )
    event = rng.choice(events)

    def note(original: Callable[[EventRole], None], noted: EventRole) -> None:
        if noted == event:
            meter.fire()
        else:
            original(noted)

    wrap(meter.model.parts.supply.disconnector, "note", note)


@deviation("anybody-disconnects", _CLAUSE, about="A client that may only read can disconnect the supply.")
def anybody_disconnects(meter: Meter, rng: Random) -> None:
    """Draw nothing."""
    method = meter.model.objects[meter.configuration.instances.disconnector].methods
    disconnect = method[1]

    def action(original: Callable[..., Any], client: int, class_id: int, obis: bytes, number: int, data: Any) -> Any:
        profile = next(one for one in meter.configuration.clients if one.sap == client)
        of_switch = obis == meter.configuration.instances.disconnector and number == 1
        if of_switch and profile.role in MEASURING and profile.role not in disconnect.callers:
            disconnect.invoke(data)
            meter.fire()
            return 0, None
        return original(client, class_id, obis, number, data)

    wrap(meter.model, "action", action)


@deviation("energy-flows-while-off", _CLAUSE, about="Energy is registered while the supply is disconnected.")
def energy_flows_while_off(meter: Meter, rng: Random) -> None:
    """Draw nothing."""
    energy = meter.model.metering.energy

    def integrate(original: Callable[[int], None], elapsed_us: int) -> None:
        if energy.flowing or not elapsed_us:
            original(elapsed_us)
            return
        energy.flowing = True
        original(elapsed_us)
        energy.flowing = False
        meter.fire()

    wrap(energy, "integrate", integrate)


@deviation("schedule-of-switch-ignored", _CLAUSE, about="The schedule of the switch never disconnects.")
def schedule_ignored(meter: Meter, rng: Random) -> None:
    """Draw nothing."""

    def execute(original: Callable[[], None]) -> None:
        meter.fire()

    wrap(meter.model.parts.supply.schedule, "execute", execute)


@deviation("script-of-switch-ignored", _CLAUSE, about="The script of the switch is acknowledged and does nothing.")
def script_ignored(meter: Meter, rng: Random) -> None:
    """Draw nothing."""

    def execute(original: Callable[[int], None], identifier: int) -> None:
        meter.fire()

    wrap(meter.model.parts.supply.table, "execute", execute)


FAMILIES = (
    ready_left_out,
    remote_request_without_effect,
    mode_without_control_ignored,
    button_works_in_every_mode,
    output_contradicts_state,
    switch_forgets,
    switching_not_noted,
    anybody_disconnects,
    energy_flows_while_off,
    schedule_ignored,
    script_ignored,
)
