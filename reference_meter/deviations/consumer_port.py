"""What goes wrong at the consumer port: form, pace, contents, and what should not be heard there."""

import re
from collections.abc import Callable
from random import Random

from reference_meter.codec.p1 import line, text
from reference_meter.consumer.link import ConsumerLink
from reference_meter.deviations.family import deviation, wrap
from reference_meter.meter import Meter
from reference_meter.server.link import ServerLink

__all__ = ["FAMILIES", "when_consumer_listens"]

_CHECKSUM_OCTETS = 6
_NOISE_OCTETS = 200


def when_consumer_listens(meter: Meter, change: Callable[[ConsumerLink], None]) -> None:
    """Change every link that is opened at the consumer port."""

    def make_link(original: Callable[[str], ServerLink], door: str) -> ServerLink:
        link = original(door)
        if isinstance(link, ConsumerLink):
            change(link)
        return link

    wrap(meter, "make_link", make_link)


def when_telegram_is_made(meter: Meter, change: Callable[[bytes], bytes]) -> None:
    """Change the octets of each telegram; what differs has shown itself."""

    def on_link(link: ConsumerLink) -> None:
        def telegram(original: Callable[[], bytes]) -> bytes:
            good = original()
            changed = change(good)
            if changed != good:
                meter.fire()
            return changed

        wrap(link.contents, "telegram", telegram)

    when_consumer_listens(meter, on_link)


def when_lines_are_made(meter: Meter, change: Callable[[list[str]], list[str]]) -> None:
    """Change the lines of each telegram, under a right checksum."""

    def on_link(link: ConsumerLink) -> None:
        def lines(original: Callable[[], list[str]]) -> list[str]:
            good = original()
            changed = change(list(good))
            if changed != good:
                meter.fire()
            return changed

        wrap(link.contents, "lines", lines)

    when_consumer_listens(meter, on_link)


@deviation("consumer-checksum-wrong", "MF.2", about="The checksum is not that of the octets from slash to mark.")
def checksum_wrong(meter: Meter, rng: Random) -> None:
    """Draw how: bytes swapped, small letters, another one, or none."""
    how = rng.choice(("swapped", "small", "other", "none"))

    def change(good: bytes) -> bytes:
        body, told = good[:-_CHECKSUM_OCTETS], good[-_CHECKSUM_OCTETS:-2]
        wrong = {
            "swapped": told[2:] + told[:2],
            "small": told.lower(),
            "other": f"{int(told, 16) ^ 0x8005:04X}".encode("ascii"),
            "none": b"",
        }[how]
        return body + (wrong if wrong != told else told[::-1]) + b"\r\n"

    when_telegram_is_made(meter, change)


@deviation("consumer-line-ends-wrong", "MF.2", about="Lines end with LF alone, or the empty line is missing.")
def line_ends_wrong(meter: Meter, rng: Random) -> None:
    """Draw which."""
    empty = rng.random() < 0.5

    def change(good: bytes) -> bytes:
        return good.replace(b"\r\n\r\n", b"\r\n", 1) if empty else good[:-2].replace(b"\r\n", b"\n") + b"\r\n"

    when_telegram_is_made(meter, change)


@deviation("consumer-pace-wrong", "MF.2", about="Telegrams come at another pace than declared.")
def pace_wrong(meter: Meter, rng: Random) -> None:
    """Draw by which factor."""
    factor = rng.choice((10.0, 2.0, 1.5, 0.5))

    def on_link(link: ConsumerLink) -> None:
        def next_begin(original: Callable[[float], float], begun: float) -> float:
            meter.fire()
            return begun + factor * link.period_s

        wrap(link, "next_begin", next_begin)

    when_consumer_listens(meter, on_link)


@deviation("consumer-telegrams-left-out", "MF.2", about="Some telegrams are not sent.")
def telegrams_left_out(meter: Meter, rng: Random) -> None:
    """Draw how many after how many."""
    after, count = rng.randrange(2, 6), rng.randrange(2, 5)

    def on_link(link: ConsumerLink) -> None:
        sent = [0]

        def next_begin(original: Callable[[float], float], begun: float) -> float:
            sent[0] += 1
            if sent[0] % after:
                return original(begun)
            meter.fire()
            return begun + (1 + count) * link.period_s

        wrap(link, "next_begin", next_begin)

    when_consumer_listens(meter, on_link)


@deviation("consumer-line-missing", "MF.2", about="A telegram does not tell something that is declared.")
def line_missing(meter: Meter, rng: Random) -> None:
    """Draw which one."""
    address = rng.choice(("0-0:1.0.0", "1-0:1.8.1", "1-0:2.8.2", "0-0:96.14.0", "1-0:1.7.0"))
    when_lines_are_made(meter, lambda lines: [one for one in lines if not one.startswith(f"{address}(")])


@deviation("consumer-tells-more", "MF.2", about="A telegram tells something that is not declared.")
def tells_more(meter: Meter, rng: Random) -> None:
    """Draw what: a customer, another meter, currents."""
    more = rng.choice(
        (
            line("0-0:96.1.9", text(b"A. Customer, 1 Some Street")),
            line("0-4:24.2.1", "260302110000W", "00012.345*m3"),
            line("1-0:31.7.0", "002*A"),
            line("1-0:1.8.3", "000001.000*kWh"),
        )
    )
    when_lines_are_made(meter, lambda lines: [*lines, more])


@deviation("consumer-message-tells-password", "MF.2", about="The text for the consumer has a password in it.")
def message_tells_password(meter: Meter, rng: Random) -> None:
    """Draw whose."""
    secret = rng.choice([client.secret for client in meter.configuration.clients if client.secret])
    told = line("0-0:96.13.0", text(b"use " + secret))
    when_lines_are_made(meter, lambda lines: [told if one.startswith("0-0:96.13.0") else one for one in lines])


@deviation("consumer-energy-misplaced", "MF.2", about="Energy has its point elsewhere, or stands at another tariff.")
def energy_misplaced(meter: Meter, rng: Random) -> None:
    """Draw which."""
    exchanged = rng.random() < 0.5
    others = {"1.8.1": "1.8.2", "1.8.2": "1.8.1"}

    def change(lines: list[str]) -> list[str]:
        if exchanged:
            return [re.sub(r"1\.8\.[12]", lambda found: others[found[0]], one) for one in lines]
        return [re.sub(r"([0-9])\.([0-9]+\*kWh)", r".\1\2", one) for one in lines]

    when_lines_are_made(meter, change)


@deviation("consumer-digits-wrong", "MF.2", about="Numbers have fewer digits than their form, or another unit.")
def digits_wrong(meter: Meter, rng: Random) -> None:
    """Draw which: no zeros in front, two decimals, or watts."""
    how = rng.choice(("short", "decimals", "watts"))

    def change(lines: list[str]) -> list[str]:
        if how == "short":
            return [re.sub(r"\(0+([0-9]+\.[0-9]+\*)", r"(\1", one) for one in lines]
        if how == "decimals":
            return [re.sub(r"([0-9]+\.[0-9]{2})[0-9]\*kW", r"\1*kW", one) for one in lines]
        return [re.sub(r"([0-9]+)\.([0-9]{3})\*k(Wh?)", r"\1\2*\3", one) for one in lines]

    when_lines_are_made(meter, change)


@deviation("consumer-power-turned-round", "MF.2", about="Import and export of power are exchanged.")
def power_turned_round(meter: Meter, rng: Random) -> None:
    """Draw: exchanged, or both told as import."""
    both = rng.random() < 0.5

    def on_link(link: ConsumerLink) -> None:
        def power(original: Callable[[str], str], direction: str) -> str:
            other = "export" if direction == "import" else "import"
            if both and direction == "export":
                return original(direction)
            shown = original(other)
            if both and not any(digit in "123456789" for digit in shown):
                return original(direction)
            if shown != original(direction):
                meter.fire()
            return shown

        wrap(link.contents, "power", power)

    when_consumer_listens(meter, on_link)


@deviation("consumer-port-answers", "MF.2", about="What is sent into the port is answered.")
def port_answers(meter: Meter, rng: Random) -> None:
    """Draw the answer."""
    answer = rng.choice((b"/CFM5REFMETER\r\n", b"\x06", b"\x15"))

    def on_link(link: ConsumerLink) -> None:
        def receive(original: Callable[[bytes, float], None], data: bytes, line_now: float) -> None:
            original(data, line_now)
            if data.startswith(b"/?"):
                meter.fire()
                # Where a telegram is on the line just then, the answer follows it.
                link.send(answer, link.due + link.period_s / 2)

        wrap(link, "receive", receive)

    when_consumer_listens(meter, on_link)


@deviation("consumer-port-takes-commands", "MF.2", about="A write command at the port moves what it shows.")
def port_takes_commands(meter: Meter, rng: Random) -> None:
    """Draw by how much."""
    more = rng.choice((1_000_000, 5_000_000))
    written: list[int] = []

    def on_link(link: ConsumerLink) -> None:
        def receive(original: Callable[[bytes, float], None], data: bytes, line_now: float) -> None:
            if b"W1" in data:
                written.append(more)
            original(data, line_now)

        def energy(original: Callable[[int], str], nanojoules: int) -> str:
            if not written:
                return original(nanojoules)
            meter.fire()
            return original(nanojoules + sum(written) * 3_600 * 10**9)

        wrap(link, "receive", receive)
        wrap(link.contents, "energy", energy)

    when_consumer_listens(meter, on_link)


@deviation(
    "consumer-port-silenced", "TR-Conf.05a", about="Noise in the port silences it for a while, or breaks a telegram."
)
def port_silenced(meter: Meter, rng: Random) -> None:
    """Draw which."""
    breaks = rng.random() < 0.5

    def on_link(link: ConsumerLink) -> None:
        disturbed = [False]

        def receive(original: Callable[[bytes, float], None], data: bytes, line_now: float) -> None:
            original(data, line_now)
            if len(data) < _NOISE_OCTETS:
                return
            meter.fire()
            disturbed[0] = breaks
            if not breaks:
                link.due += 60 * link.period_s

        def telegram(original: Callable[[], bytes]) -> bytes:
            good = original()
            return good.replace(b"(", b"\x00", 1) if disturbed[0] else good

        wrap(link, "receive", receive)
        wrap(link.contents, "telegram", telegram)

    when_consumer_listens(meter, on_link)


FAMILIES = (
    checksum_wrong,
    line_ends_wrong,
    pace_wrong,
    telegrams_left_out,
    line_missing,
    tells_more,
    message_tells_password,
    energy_misplaced,
    digits_wrong,
    power_turned_round,
    port_answers,
    port_takes_commands,
    port_silenced,
)
