"""What surrounds the device: the bench, and the lab that runs it."""

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from harness.declaration.problem import Problems
from harness.declaration.section import Identifier, Section, Text

__all__ = ["COMMAND_VALUES", "Bench", "CommandName", "ConstantLoad", "Lab"]

CommandName = Literal[
    "power_cut",
    "power_restore",
    "load",
    "seal_open",
    "seal_close",
    "button_connect",
    "button_disconnect",
    "clock_invalid",
    "drop_links",
    "device_condition",
    "firmware",
]
COMMAND_VALUES: dict[str, tuple[str, ...]] = {
    "load": ("import_w", "export_w"),
    "device_condition": ("device", "condition"),
    "firmware": ("firmware",),
}
"""Placeholders of a command that the bench fills each time."""


_BY_HAND = ("load", "power", "hands", "disturbance", "devices", "firmware")
_Setting = str | int | float | bool
_PROVIDED: Mapping[str, tuple[str, ...]] = {
    "realtime": ("time", "load"),
    "clock_setting": ("time", "load"),
    "command": _BY_HAND,
    "manual": _BY_HAND,
}
"""Bench of our own -> what it provides; ``reference`` provides everything, and others may."""


class ConstantLoad(Section):
    """A load that stays as it is during the run."""

    import_w: Annotated[float, Field(ge=0, le=1e9)] = 0.0
    export_w: Annotated[float, Field(ge=0, le=1e9)] = 0.0


class Bench(Section):
    """Which bench provides what, by names of the entry points ``conformeter.benches``; None means nobody does."""

    time: Identifier | None = None
    load: Identifier | None = None
    power: Identifier | None = None
    hands: Identifier | None = None
    disturbance: Identifier | None = None
    """Lost time and lost connections, on demand."""
    devices: Identifier | None = None
    """What the devices behind a gateway do: silence, damaged answers, what they announce."""
    firmware: Identifier | None = None
    """Another firmware than the device has, and the former one again."""
    control: Text | None = None
    """Where the bench ``reference`` reaches a device outside the harness's process: ``tcp://host:port``."""
    longest_wait_s: Annotated[float, Field(ge=0, le=1e8)] = 900.0
    """Longest time that a run waits for one instant where time is real."""
    longest_run_s: Annotated[float, Field(ge=1, le=1e8)] = 7200.0
    """Longest time that is let pass at once where time is real; ``longest_wait_s`` where that is more."""
    lead_s: Annotated[float, Field(ge=1, le=3600)] = 20.0
    """How long before an instant the bench ``clock_setting`` sets the device's clock."""
    commands: dict[CommandName, Annotated[tuple[Text, ...], Field(strict=False, min_length=1)]] = Field(
        default_factory=dict
    )
    """What the bench ``command`` runs: program and arguments, read by no shell.

    ``{import_w}`` and ``{export_w}`` in ``load`` stand for the power in W, ``{device}`` and ``{condition}`` in
    ``device_condition`` for the name of a device behind a gateway and what it is to do, ``{firmware}`` in ``firmware``
    for ``other`` (than the device has) or ``former``.
    """
    command_timeout_s: Annotated[float, Field(gt=0, le=3600)] = 60.0
    """When a command that has not ended counts as failed."""
    constant_load: ConstantLoad | None = None
    """What the bench ``realtime`` takes as the load."""
    settings: dict[Identifier, dict[Text, _Setting]] = Field(default_factory=dict)
    """Name of a bench that the lab has added -> what it is told; that bench checks it."""

    @model_validator(mode="after")
    def _named_benches_provide_it(self) -> Self:
        for ability in ("time", *_BY_HAND):
            name = getattr(self, ability)
            if ability not in _PROVIDED.get(name, (ability,)):
                able = ["reference", *(bench for bench, provided in _PROVIDED.items() if ability in provided)]
                raise Problems.one(f'is "{name}", which does not provide it', ", ".join(able), path=(ability,))
        return self

    @model_validator(mode="after")
    def _settings_reach_a_bench(self) -> Self:
        added = {getattr(self, ability) for ability in ("time", *_BY_HAND)} - {None, "reference", *_PROVIDED}
        for name in self.settings.keys() - added:
            allowed = ", ".join(sorted(added)) or "none, since no bench is named that the lab has added"
            raise Problems.one("no bench takes these settings", allowed, path=("settings", name))
        return self

    @property
    def constant_load_w(self) -> tuple[float, float] | None:
        """Import and export of the constant load in W."""
        load = self.constant_load
        return None if load is None else (load.import_w, load.export_w)


class Lab(Section):
    """Who tests, and the process that is the device, if any."""

    name: Text | None = None
    operator: Text | None = None
    ntp_server: Text | None = None
    """Time server by which the computer's own clock is measured."""
    residue: bool | None = None
    """Whether the device is read before the first scenario and after the last one, and what has changed is told;
    where nothing is said, a run that may do more than read does it."""
    device_command: Annotated[tuple[Text, ...], Field(strict=False)] = ()
    """Program and arguments; it starts before the first exchange and ends after the last one."""
    power_cycle_command: Annotated[tuple[Text, ...], Field(strict=False)] = ()
    """Program and arguments that take the device's supply away and give it back, the last resort where the device does
    not answer any more; it ends when that is done, with 0 where it was."""
    power_cycle_timeout_s: Annotated[float, Field(gt=0, le=3600)] = 60.0
    """When a power cycle that has not ended counts as failed."""
    power_up_s: Annotated[float, Field(gt=0, le=3600)] = 60.0
    """Within this time after a power cycle the device answers again."""
    stop_after_unfinished: Annotated[int, Field(ge=1, le=1000)] = 5
    """After so many scenarios in a row that the device or the line left without a verdict, the run stops."""
