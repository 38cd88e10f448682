"""What goes wrong at a port that pushes: frames, lists, pace."""

from collections.abc import Callable
from random import Random

from reference_meter.codec.axdr import Pair
from reference_meter.codec.hdlc import HdlcFrame, decode_frame, encode_frame
from reference_meter.consumer.han_contents import Item
from reference_meter.consumer.han_link import HanLink
from reference_meter.deviations.family import deviation, wrap
from reference_meter.meter import Meter
from reference_meter.model.data import obis, octet_string
from reference_meter.server.link import ServerLink

__all__ = ["FAMILIES", "when_han_listens", "when_items_are_made"]

_VISIBLE_STRING = 10
_NOISE_OCTETS = 200


def when_han_listens(meter: Meter, change: Callable[[HanLink], None]) -> None:
    """Change every link that is opened at the HAN port."""

    def make_link(original: Callable[[str], ServerLink], door: str) -> ServerLink:
        link = original(door)
        if isinstance(link, HanLink):
            change(link)
        return link

    wrap(meter, "make_link", make_link)


def when_items_are_made(meter: Meter, change: Callable[[list[Item]], list[Item]]) -> None:
    """Change what the lists tell; what differs has shown itself."""

    def on_link(link: HanLink) -> None:
        def items(original: Callable[..., list[Item]], *, longer: bool) -> list[Item]:
            good = original(longer=longer)
            changed = change(list(good))
            if changed != good:
                meter.fire()
            return changed

        wrap(link.contents, "items", items)

    when_han_listens(meter, on_link)


@deviation("han-frames-damaged", "MF.2", about="Frames have wrong check sequences, or say that more follow.")
def frames_damaged(meter: Meter, rng: Random) -> None:
    """Draw what is wrong."""
    how = rng.choice(("fcs", "hcs", "segment", "llc"))

    def spoilt(octets: bytes) -> bytes:
        if how in ("fcs", "hcs"):
            at = len(octets) - 3 if how == "fcs" else 6
            return octets[:at] + bytes([octets[at] ^ 0x01]) + octets[at + 1 :]
        frame = decode_frame(octets[1:-1])
        information = frame.information[1:] if how == "llc" else frame.information
        return encode_frame(
            HdlcFrame(
                destination=frame.destination,
                source=frame.source,
                control=frame.control,
                information=information,
                segmented=not frame.segmented if how == "segment" else frame.segmented,
            )
        )

    def on_link(link: HanLink) -> None:
        def frames(original: Callable[[bytes], list[bytes]], message: bytes) -> list[bytes]:
            meter.fire()
            first, *others = original(message)
            return [spoilt(first), *others]

        wrap(link.contents, "frames", frames)

    when_han_listens(meter, on_link)


@deviation("han-longer-list-rare", "MF.2", about="The longer list comes more rarely than declared, or never.")
def longer_list_rare(meter: Meter, rng: Random) -> None:
    """Draw how rarely."""
    each = rng.choice((2, 3, 0))
    due = [0]

    def on_link(link: HanLink) -> None:
        def is_longer(original: Callable[[float], bool], begun: float) -> bool:
            if not original(begun):
                return False
            due[0] += 1
            left_out = not each or due[0] % each != 0
            if left_out:
                meter.fire()
            return not left_out

        wrap(link, "is_longer", is_longer)

    when_han_listens(meter, on_link)


@deviation("han-pace-wrong", "MF.2", about="Pushes come at another pace than declared.")
def pace_wrong(meter: Meter, rng: Random) -> None:
    """Draw by which factor."""
    factor = rng.choice((6.0, 2.0, 1.5, 0.5))

    def on_link(link: HanLink) -> None:
        def next_begin(original: Callable[[float], float], begun: float) -> float:
            meter.fire()
            return begun + factor * link.period_s

        wrap(link, "next_begin", next_begin)

    when_han_listens(meter, on_link)


@deviation("han-list-changed", "MF.2", about="A list tells more than is declared, or less.")
def list_changed(meter: Meter, rng: Random) -> None:
    """Draw what is more or missing."""
    more: list[Item] = [
        (obis("0.0.96.1.9.255"), (_VISIBLE_STRING, b"A. Customer, 1 Some Street"), None),
        (obis("1.0.31.7.0.255"), (18, 23), 33),
    ]
    drawn = rng.choice([*more, None])
    missing = obis(rng.choice(("0.0.1.0.0.255", "1.0.1.8.1.255", "1.0.2.7.0.255", "0.0.96.14.0.255")))

    def change(items: list[Item]) -> list[Item]:
        return [*items, drawn] if drawn is not None else [item for item in items if item[0] != missing]

    when_items_are_made(meter, change)


@deviation("han-tells-secret", "MF.2", about="A list tells a password or a key under a code that it may have.")
def tells_secret(meter: Meter, rng: Random) -> None:
    """Draw which one."""
    secrets = [client.secret for client in meter.configuration.clients if client.secret and len(client.secret) >= 8]
    security = meter.model.parts.consumer_security
    if security is not None:
        secrets.append(security.keys.unicast)
    told: Pair = octet_string(rng.choice(secrets))
    switch = obis("0.0.96.3.10.255")
    when_items_are_made(
        meter, lambda items: [(code, told if code == switch else value, unit) for code, value, unit in items]
    )


@deviation("han-values-misplaced", "MF.2", about="Energy has another scale, or import and export are exchanged.")
def values_misplaced(meter: Meter, rng: Random) -> None:
    """Draw which."""
    how = rng.choice(("scale", "energy", "power"))
    groups = {"energy": (8,), "power": (7,)}.get(how, ())

    def changed(item: Item) -> Item:
        code, (kind, value), unit = item
        if how == "scale" and code[3] == 8 and code[0] == 1:
            return code, (kind, value // 1000), unit
        if code[0] == 1 and code[3] in groups and code[2] in (1, 2):
            return bytes([*code[:2], 3 - code[2], *code[3:]]), (kind, value), unit
        return item

    when_items_are_made(meter, lambda items: [changed(item) for item in items])


@deviation("han-port-answers", "MF.2", about="What is sent into the port is answered.")
def port_answers(meter: Meter, rng: Random) -> None:
    """Draw the answer: another push, or octets that belong to nothing."""
    push = rng.random() < 0.5

    def on_link(link: HanLink) -> None:
        def receive(original: Callable[[bytes, float], None], data: bytes, line_now: float) -> None:
            original(data, line_now)
            meter.fire()
            for count in range(1, 4):
                # Where a push is on the line just then, the answer follows it.
                at = link.due + (count - 0.5) * link.period_s
                link.send(link.contents.telegram() if push else b"\x06\x15", at)

        wrap(link, "receive", receive)

    when_han_listens(meter, on_link)


@deviation("han-port-silenced", "TR-Conf.05a", about="Noise in the port silences it for a while.")
def port_silenced(meter: Meter, rng: Random) -> None:
    """Draw for how many periods."""
    periods = rng.choice((30, 60))

    def on_link(link: HanLink) -> None:
        def receive(original: Callable[[bytes, float], None], data: bytes, line_now: float) -> None:
            original(data, line_now)
            if len(data) >= _NOISE_OCTETS:
                meter.fire()
                link.due += periods * link.period_s

        wrap(link, "receive", receive)

    when_han_listens(meter, on_link)


FAMILIES = (
    frames_damaged,
    longer_list_rare,
    pace_wrong,
    list_changed,
    tells_secret,
    values_misplaced,
    port_answers,
    port_silenced,
)
