"""What goes wrong at the local port with messages and with the dialogue itself."""

from collections.abc import Callable
from random import Random

from reference_meter.codec import iec62056_21 as messages
from reference_meter.deviations.family import deviation, wrap
from reference_meter.deviations.optical import ENERGY, when_port_opens
from reference_meter.meter import Meter
from reference_meter.optical.link import BREAK, OpticalLink, Stage

__all__ = ["FAMILIES"]

_LONG_SILENCE_S = 1e6
_DEAD_S = 60.0


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


@deviation("local-port-deaf-after-break", "TR-Conf.05a", about="After a break of the line the port is deaf.")
def deaf_after_break(meter: Meter, rng: Random) -> None:
    """No parameter."""
    _deafened_by_break(meter, tuple(Stage))


@deviation(
    "local-port-deaf-after-break-in-dialogue",
    "TR-Conf.05a",
    about="A break in the midst of a dialogue deafens the port.",
)
def deaf_after_break_in_dialogue(meter: Meter, rng: Random) -> None:
    """Draw in which dialogue."""
    _deafened_by_break(meter, (rng.choice((Stage.READ_OUT, Stage.PROGRAMMING)),))


def _deafened_by_break(meter: Meter, stages: tuple[Stage, ...]) -> None:

    def change(link: OpticalLink) -> None:
        def set_control(original: Callable[[str, bool, float], None], line: str, on: bool, line_now: float) -> None:
            if line == BREAK and on and link.stage in stages:
                meter.fire()
                wrap(link, "receive", lambda original, data, line_now: None)
            original(line, on, line_now)

        wrap(link, "set_control", set_control)

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
    register, place = rng.choice(ENERGY), rng.choice((3, 4, 5, 7))

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
    register = rng.choice(ENERGY)

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


@deviation("local-port-keeps-its-line", "SU3.step1", about="The rate that was chosen for a readout is not taken.")
def keeps_its_line(meter: Meter, rng: Random) -> None:
    """No parameter."""

    def change(link: OpticalLink) -> None:
        def select(original: Callable[[messages.Select], None], chosen: messages.Select) -> None:
            if chosen.mode == "0":
                meter.fire()
                chosen = messages.Select(protocol=chosen.protocol, rate="0", mode="0")
            original(chosen)

        wrap(link, "select", select)

    when_port_opens(meter, change)


@deviation("local-port-keeps-seven-bits", "SU3.step2", about="HDLC begins with seven bits and parity.")
def keeps_seven_bits(meter: Meter, rng: Random) -> None:
    """No parameter."""

    def change(link: OpticalLink) -> None:
        def change_line(original: Callable[[int, str], None], baud: int, framing: str) -> None:
            if framing == "8N1":
                meter.fire()
            original(baud, "7E1")

        wrap(link, "change_line", change_line)

    when_port_opens(meter, change)


FAMILIES = (
    ignores_check,
    dies_of_damage,
    deaf_after_break,
    deaf_after_break_in_dialogue,
    answers_any_address,
    wrong_check,
    shows_other_value,
    hides_register,
    never_gives_up,
    repeats_nothing,
    keeps_its_line,
    keeps_seven_bits,
)
