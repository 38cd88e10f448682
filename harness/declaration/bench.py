"""What surrounds the device: the bench, and the lab that runs it."""

from typing import Annotated

from pydantic import Field

from harness.declaration.section import Identifier, Section, Text

__all__ = ["Bench", "ConstantLoad", "Lab"]


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
    control: Text | None = None
    """Where the bench ``reference`` reaches a device outside the harness's process: ``tcp://host:port``."""
    longest_wait_s: Annotated[float, Field(ge=0, le=1e8)] = 900.0
    """Longest time that a run waits for one instant where time is real."""
    constant_load: ConstantLoad | None = None
    """What the bench ``realtime`` takes as the load."""

    @property
    def constant_load_w(self) -> tuple[float, float] | None:
        """Import and export of the constant load in W."""
        load = self.constant_load
        return None if load is None else (load.import_w, load.export_w)


class Lab(Section):
    """Who tests, and the process that is the device, if any."""

    name: Text | None = None
    operator: Text | None = None
    device_command: Annotated[tuple[Text, ...], Field(strict=False)] = ()
    """Program and arguments; it starts before the first exchange and ends after the last one."""
