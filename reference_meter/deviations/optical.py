"""What goes wrong at the local port: registers, passwords, errors, damaged messages, the dialogue itself."""

from collections.abc import Callable
from random import Random

from reference_meter.codec import iec62056_21 as messages
from reference_meter.deviations.family import deviation, wrap
from reference_meter.meter import Meter
from reference_meter.optical.link import OpticalLink, Stage
from reference_meter.optical.registers import DENIED, UNDEFINED, WRONG_DATA, PortRefusal
from reference_meter.server.link import ServerLink

__all__ = ["FAMILIES"]

_ENERGY = ("1.8.0", "2.8.0")
_LONG_SILENCE_S = 1e6
_DEAD_S = 60.0


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
    register = rng.choice(_ENERGY)

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
    register, digit = rng.choice(_ENERGY), rng.choice("123456789")
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


@deviation("local-port-takes-any-password", "TR-Conf.02b", about="Any password of the right length opens the port.")
def takes_any_password(meter: Meter, rng: Random) -> None:
    """Draw how little has to be right."""
    any_length = rng.choice((True, True, False))
    right = f"({meter.configuration.link.optical.password.decode('ascii')})"

    def change(link: OpticalLink) -> None:
        def take(original: Callable[[str], None], data: str) -> None:
            if data != right and (any_length or len(data) != len(right)):
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
            if link.unlocked and address not in _ENERGY:
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


def _as_command(octets: bytes) -> messages.Command:
    """Take a command out of a message whatever its check."""
    body = octets[1:-2]
    head, _, data = body.partition(b"\x02")
    return messages.Command(name=head.decode("ascii", "replace"), data=data.decode("ascii", "replace"))


@deviation("local-port-ignores-check", "TR-Conf.05a", about="A command with a wrong check is carried out.")
def ignores_check(meter: Meter, rng: Random) -> None:
    """No parameter."""

    def change(link: OpticalLink) -> None:
        def hear(original: Callable[[messages.Heard], None], message: messages.Heard) -> None:
            if isinstance(message, messages.Nonsense) and message.octets and link.stage is Stage.PROGRAMMING:
                meter.fire()
                message = _as_command(message.octets)
            original(message)

        wrap(link, "hear", hear)

    when_port_opens(meter, change)


@deviation("local-port-dies-of-damage", "TR-Conf.05a", about="After a damaged message the port is silent for long.")
def dies_of_damage(meter: Meter, rng: Random) -> None:
    """Draw where the damage has to be."""
    in_programming = rng.choice((True, False))
    dead_until = [0.0]

    def change(link: OpticalLink) -> None:
        def receive(original: Callable[[bytes, float], None], data: bytes, line_now: float) -> None:
            if line_now >= dead_until[0]:
                original(data, line_now)

        def hear(original: Callable[[messages.Heard], None], message: messages.Heard) -> None:
            if isinstance(message, messages.Nonsense) and in_programming == (link.stage is Stage.PROGRAMMING):
                meter.fire()
                dead_until[0] = link.busy_until + _DEAD_S
                return
            original(message)

        wrap(link, "receive", receive)
        wrap(link, "hear", hear)

    when_port_opens(meter, change)


@deviation(
    "local-port-answers-any-address", "TR-Conf.05a", "SU3.step1", about="The sign-on to another device is answered."
)
def answers_any_address(meter: Meter, rng: Random) -> None:
    """No parameter."""

    def change(link: OpticalLink) -> None:
        def sign_on(original: Callable[[messages.SignOn], None], request: messages.SignOn) -> None:
            if request.address:
                meter.fire()
            original(messages.SignOn(address=""))

        wrap(link, "sign_on", sign_on)

    when_port_opens(meter, change)


@deviation("local-port-wrong-check", "SU3.step1", about="The check of every readout is wrong.")
def wrong_check(meter: Meter, rng: Random) -> None:
    """Draw the bit."""
    bit = 1 << rng.randrange(7)

    def change(link: OpticalLink) -> None:
        def say(original: Callable[[bytes], None], octets: bytes) -> None:
            if link.stage is Stage.READ_OUT and octets[:1] == b"\x02":
                meter.fire()
                octets = octets[:-1] + bytes([messages.check_of(octets[1:-1]) ^ bit])
            original(octets)

        wrap(link, "say", say)

    when_port_opens(meter, change)


@deviation("local-port-shows-other-value", "SU3.step2", about="A register of the readout is not that of DLMS.")
def shows_other_value(meter: Meter, rng: Random) -> None:
    """Draw register and place."""
    register, place = rng.choice(_ENERGY), rng.choice((3, 4, 5, 7))

    def change(link: OpticalLink) -> None:
        def text(original: Callable[[str], str], address: str) -> str:
            shown = original(address)
            if address != register:
                return shown
            meter.fire()
            return shown[:place] + str((int(shown[place]) + 1) % 10) + shown[place + 1 :]

        wrap(link.registers, "show", text)

    when_port_opens(meter, change)


@deviation("local-port-hides-register", "SU3.step1", about="A register is missing in the readout.")
def hides_register(meter: Meter, rng: Random) -> None:
    """Draw the register."""
    register = rng.choice(_ENERGY)

    def change(link: OpticalLink) -> None:
        def readout(original: Callable[[], str]) -> str:
            meter.fire()
            lines = original().split("\r\n")
            return "\r\n".join(line for line in lines if not line.startswith(f"{register}("))

        wrap(link.registers, "readout", readout)

    when_port_opens(meter, change)


@deviation("local-port-never-gives-up", "TR-Conf.05a", about="A dialogue that nobody ends blocks the port for good.")
def never_gives_up(meter: Meter, rng: Random) -> None:
    """No parameter."""

    def change(link: OpticalLink) -> None:
        def idle_due(original: Callable[[], float | None]) -> float | None:
            due = original()
            if due is not None and link.stage is Stage.PROGRAMMING:
                meter.fire()
                return due + _LONG_SILENCE_S
            return due

        wrap(link, "idle_due", idle_due)

    when_port_opens(meter, change)


@deviation("local-port-repeats-nothing", "TR-Conf.05a", about="A request to repeat gets no data message.")
def repeats_nothing(meter: Meter, rng: Random) -> None:
    """Draw what comes instead."""
    instead = rng.choice((messages.NOT_ACKNOWLEDGED, messages.ACKNOWLEDGED, b""))

    def change(link: OpticalLink) -> None:
        def hear(original: Callable[[messages.Heard], None], message: messages.Heard) -> None:
            if message == messages.NOT_ACKNOWLEDGED and link.stage is Stage.PROGRAMMING:
                meter.fire()
                link.say(instead)
                return
            original(message)

        wrap(link, "hear", hear)

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
    ignores_check,
    dies_of_damage,
    answers_any_address,
    wrong_check,
    shows_other_value,
    hides_register,
    never_gives_up,
    repeats_nothing,
)
