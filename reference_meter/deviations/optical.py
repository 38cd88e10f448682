"""What goes wrong at the local port with registers, passwords and errors."""

from collections.abc import Callable
from random import Random

from reference_meter.deviations.family import deviation, wrap
from reference_meter.meter import Meter
from reference_meter.optical.link import OpticalLink
from reference_meter.optical.registers import DENIED, UNDEFINED, WRONG_DATA, PortRefusal
from reference_meter.server.link import ServerLink

__all__ = ["ENERGY", "FAMILIES", "when_port_opens"]

ENERGY = ("1.8.0", "2.8.0")


def when_port_opens(meter: Meter, change: Callable[[OpticalLink], None]) -> None:
    """Change every link that is opened at the local port."""

    def make_link(original: Callable[[str], ServerLink], door: str) -> ServerLink:
        link = original(door)
        if isinstance(link, OpticalLink):
            change(link)
        return link

    wrap(meter, "make_link", make_link)


@deviation(
    "local-port-writes-register", "TR-Conf.01a", about="A write of a register is acknowledged at the local port."
)
def writes_register(meter: Meter, rng: Random) -> None:
    """Draw the register."""
    register = rng.choice(ENERGY)

    def change(link: OpticalLink) -> None:
        def write(original: Callable[[str, str], None], address: str, text: str) -> None:
            if address == register:
                meter.fire()
                return
            original(address, text)

        wrap(link.registers, "write", write)

    when_port_opens(meter, change)


@deviation("local-port-refuses-and-writes", "TR-Conf.01a", about="A refused write moves the register that is shown.")
def refuses_and_writes(meter: Meter, rng: Random) -> None:
    """Draw register and offset."""
    register, digit = rng.choice(ENERGY), rng.choice("123456789")
    moved: list[str] = []

    def change(link: OpticalLink) -> None:
        def write(original: Callable[[str, str], None], address: str, text: str) -> None:
            if address == register and not moved:
                moved.append(digit)
            original(address, text)

        def text(original: Callable[[str], str], address: str) -> str:
            shown = original(address)
            if address != register or not moved:
                return shown
            meter.fire()
            return moved[0] + shown[1:]

        wrap(link.registers, "write", write)
        wrap(link.registers, "show", text)

    when_port_opens(meter, change)


@deviation("local-port-needs-no-password", "TR-Conf.02b", about="Parameters are written without the password.")
def needs_no_password(meter: Meter, rng: Random) -> None:
    """No parameter."""

    def change(link: OpticalLink) -> None:
        def write(original: Callable[[str, str], None], address: str, value: str) -> None:
            if link.unlocked:
                original(address, value)
                return
            meter.fire()
            link.unlocked = True
            original(address, value)
            link.unlocked = False

        wrap(link, "write", write)

    when_port_opens(meter, change)


@deviation("local-port-takes-any-password", "TR-Conf.02b", about="What is not the password opens the port.")
def takes_any_password(meter: Meter, rng: Random) -> None:
    """Draw how much of the beginning has to be right."""
    right = f"({meter.configuration.link.optical.password.decode('ascii')})"
    looked_at = rng.choice((0, 0, 5))

    def change(link: OpticalLink) -> None:
        def take(original: Callable[[str], None], data: str) -> None:
            if data != right and data[:looked_at] == right[:looked_at]:
                meter.fire()
                data = right
            original(data)

        wrap(link, "take_password", take)

    when_port_opens(meter, change)


@deviation("local-port-refuses-the-password", "TR-Conf.02b", about="Nothing can be written even with the password.")
def refuses_the_password(meter: Meter, rng: Random) -> None:
    """No parameter."""

    def change(link: OpticalLink) -> None:
        def write(original: Callable[[str, str], None], address: str, value: str) -> None:
            if link.unlocked and address not in ENERGY:
                meter.fire()
                raise PortRefusal(DENIED)
            original(address, value)

        wrap(link, "write", write)

    when_port_opens(meter, change)


@deviation("local-port-error-differs-by-command", "TR-Conf.04a", about="An unknown address has two errors.")
def error_differs(meter: Meter, rng: Random) -> None:
    """Draw the other error."""
    other = rng.choice((WRONG_DATA, DENIED))

    def change(link: OpticalLink) -> None:
        def write(original: Callable[[str, str], None], address: str, text: str) -> None:
            try:
                original(address, text)
            except PortRefusal as refusal:
                if refusal.number != UNDEFINED:
                    raise
                meter.fire()
                raise PortRefusal(other) from refusal

        wrap(link.registers, "write", write)

    when_port_opens(meter, change)


@deviation(
    "local-port-error-register-differs", "TR-Conf.04a", about="The readout has other bits in the error register."
)
def error_register_differs(meter: Meter, rng: Random) -> None:
    """Draw the bit."""
    bit = 1 << rng.randrange(8)

    def change(link: OpticalLink) -> None:
        def text(original: Callable[[str], str], address: str) -> str:
            shown = original(address)
            if address != "F.F":
                return shown
            meter.fire()
            return f"{int(shown, 16) ^ bit:08X}"

        wrap(link.registers, "show", text)

    when_port_opens(meter, change)


@deviation(
    "local-port-empty-value-for-error", "TR-Conf.04a", about="An unknown address is answered with an empty value."
)
def empty_for_error(meter: Meter, rng: Random) -> None:
    """No parameter."""

    def change(link: OpticalLink) -> None:
        def read(original: Callable[[str], str], address: str) -> str:
            try:
                return original(address)
            except PortRefusal:
                meter.fire()
                return f"{address}()"

        wrap(link.registers, "read", read)

    when_port_opens(meter, change)


@deviation("local-port-change-without-entry", "TR-Conf.02a", about="What is changed at the local port is not noted.")
def change_without_entry(meter: Meter, rng: Random) -> None:
    """No parameter."""
    at_the_port: list[bool] = []

    def changed(original: Callable[..., None], **named: object) -> None:
        if at_the_port:
            meter.fire()
            return
        original(**named)

    def change(link: OpticalLink) -> None:
        def write(original: Callable[[str, str], None], address: str, text: str) -> None:
            at_the_port.append(True)
            try:
                original(address, text)
            finally:
                at_the_port.clear()

        wrap(link.registers, "write", write)

    wrap(meter.model.parts.audit, "changed", changed)
    when_port_opens(meter, change)


@deviation("local-port-readout-not-noted", "TR-Conf.09a", about="Readouts at the local port leave no entry.")
def readout_not_noted(meter: Meter, rng: Random) -> None:
    """No parameter."""

    def change(link: OpticalLink) -> None:
        def readout(original: Callable[[], str]) -> str:
            collection = meter.model.parts.collection
            selected, collection.selected = collection.selected, frozenset()
            try:
                return original()
            finally:
                meter.fire()
                collection.selected = selected

        wrap(link.registers, "readout", readout)

    when_port_opens(meter, change)


FAMILIES = (
    writes_register,
    refuses_and_writes,
    needs_no_password,
    takes_any_password,
    refuses_the_password,
    error_differs,
    error_register_differs,
    empty_for_error,
    change_without_entry,
    readout_not_noted,
)
