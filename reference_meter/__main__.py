"""``python -m reference_meter``: meters as a process, behind sockets and pseudo terminals."""

import argparse
import asyncio
import contextlib
import resource
import selectors
import signal
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import NoReturn

from reference_meter.listen_url import CONTROL_FORMS, PUSH_FORMS, ListenUrl
from reference_meter.loop import DEFAULT_VARIANT, make
from reference_meter.meter import Meter
from reference_meter.model.configuration import MeterConfiguration
from reference_meter.port_server import PortServerDoor
from reference_meter.pseudo_terminal import PseudoTerminal
from reference_meter.push_outlet import PushOutlet
from reference_meter.serve import ControlProtocol, DatagramDoor, ServedMeter, StreamDoor
from reference_meter.server.settings import LinkSettings

__all__ = ["main"]

_USAGE_ERROR = 3
_HOUR_S = 3_600
_CANNOT_LISTEN = 1
_MOST_METERS = 10_000


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(_USAGE_ERROR, f"{self.prog}: {message}\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Places:
    """Where one meter listens."""

    doors: tuple[ListenUrl, ...]
    control: ListenUrl | None
    push: ListenUrl | None
    """Where pushes go to."""
    paced: bool
    """Whether octets take their time at pseudo terminals."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until a signal ends it; the exit code is 0, 1 (cannot listen) or 3 (wrong arguments)."""
    parser = _parser()
    options = parser.parse_args(arguments)
    try:
        places = _places(options)
        meters = [_meter(options, index) for index in range(options.count)]
    except ValueError as error:
        parser.error(str(error))
    try:
        # Timers of select are good for a pace of octets; those of epoll come up to 2 ms late.
        with asyncio.Runner(loop_factory=_loop_of_select if options.line_rate else None) as runner:
            runner.run(_serve(meters, places, real_clock=options.clock == "real"))
    except OSError as error:
        print(f"{parser.prog}: {error}", file=sys.stderr)
        return _CANNOT_LISTEN
    return 0


def _loop_of_select() -> asyncio.SelectorEventLoop:
    return asyncio.SelectorEventLoop(selectors.SelectSelector())


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="reference_meter", description="Serve reference meters.")
    parser.add_argument("--listen", action="append", required=True, metavar="URL", help="a door, several times")
    parser.add_argument("--control", metavar="URL", help="where the bench connects")
    parser.add_argument("--push", metavar="URL", help="where pushes go to, tcp:// or udp://")
    parser.add_argument("--variant", default=DEFAULT_VARIANT, help="another right behaviour")
    parser.add_argument("--deviation", help="a wrong behaviour")
    parser.add_argument("--draw", help="which parameters the deviation takes")
    parser.add_argument("--clock", choices=("bench", "real"), default="bench", help="what moves the metering clock")
    parser.add_argument("--capture-period-s", type=int, metavar="S", help="capture period of the load profile")
    parser.add_argument("--demand-period-s", type=int, metavar="S", help="period over which demand is averaged")
    parser.add_argument("--reaction-s", type=float, metavar="S", help="time that each answer takes")
    parser.add_argument("--inactivity-s", type=float, metavar="S", help="time after which an idle HDLC link ends")
    parser.add_argument("--line-rate", action="store_true", help="octets over pty:// take their time on the line")
    parser.add_argument("--count", type=int, default=1, help="so many meters, each a port further")
    return parser


def _places(options: argparse.Namespace) -> list[_Places]:
    """The places of each meter; ValueError where they do not exist."""
    if not 1 <= options.count <= _MOST_METERS:
        raise ValueError(f"--count is from 1 to {_MOST_METERS}, not {options.count}")
    doors = [ListenUrl.parse(text) for text in options.listen]
    control = ListenUrl.parse(options.control, CONTROL_FORMS) if options.control else None
    push = ListenUrl.parse(options.push, PUSH_FORMS) if options.push else None
    return [
        _Places(
            doors=tuple(door.shifted(index) for door in doors),
            control=control.shifted(index) if control else None,
            push=push,
            paced=options.line_rate,
        )
        for index in range(options.count)
    ]


def _meter(options: argparse.Namespace, index: int) -> Meter:
    def own(configuration: MeterConfiguration) -> MeterConfiguration:
        """Its own serial number and name, and the computer's time where the clock is real."""
        serial = configuration.serial_number
        name = configuration.logical_device_name
        return replace(
            configuration,
            serial_number=b"%0*d" % (len(serial), int(serial) + index),
            logical_device_name=name[:3] + b"%0*d" % (len(name) - 3, int(name[3:]) + index),
            start=datetime.now(UTC) if options.clock == "real" else configuration.start,
            link=_link(options, configuration.link),
            profile=replace(
                configuration.profile, period_s=_period(options, "capture", configuration.profile.period_s)
            ),
            demand_period_s=_period(options, "demand", configuration.demand_period_s),
        )

    chosen = {"variant": options.variant, "deviation": options.deviation, "draw": options.draw}
    return make({key: value for key, value in chosen.items() if value is not None}, adapt=own)


def _period(options: argparse.Namespace, what: str, usual_s: int) -> int:
    """The period of one name, where it is given; ValueError where it does not divide an hour."""
    period_s: int | None = getattr(options, f"{what}_period_s")
    if period_s is None:
        return usual_s
    if period_s < 1 or _HOUR_S % period_s:
        raise ValueError(f"--{what}-period-s divides an hour, {period_s} does not")
    return period_s


def _link(options: argparse.Namespace, link: LinkSettings) -> LinkSettings:
    """The times of the links where they are given, else those of the variant."""
    if options.inactivity_s is not None:
        link = replace(link, hdlc=replace(link.hdlc, inactivity_timeout_s=options.inactivity_s))
    return link if options.reaction_s is None else replace(link, reaction_s=options.reaction_s)


async def _serve(meters: Sequence[Meter], places: Sequence[_Places], *, real_clock: bool) -> None:
    """Open everything, say so, and close it at the end."""
    _allow_many_files()
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    async with contextlib.AsyncExitStack() as stack:
        opened = [
            await _open(ServedMeter(meter, real_clock=real_clock), place, stack)
            for meter, place in zip(meters, places, strict=True)
        ]
        said = opened[0] if len(opened) == 1 else [f"{len(opened)} meters from", *opened[0], "to", *opened[-1]]
        print("ready", *said, flush=True)
        await stopped.wait()


async def _open(served: ServedMeter, place: _Places, stack: contextlib.AsyncExitStack) -> list[str]:
    """Open the doors of one meter and give their URLs with the ports that they got."""
    opened = [str(await _open_door(served, url, stack, paced=place.paced)) for url in place.doors]
    if place.push is not None:
        PushOutlet(served, place.push).open()
    if place.control is not None:
        control = await _listen(lambda: ControlProtocol(served.control), place.control, stack)
        opened.append(f"control={control}")
    return opened


async def _open_door(
    served: ServedMeter, url: ListenUrl, stack: contextlib.AsyncExitStack, *, paced: bool
) -> ListenUrl:
    if url.path is not None:
        # What is said over an optical head and a consumer port has its pace already.
        terminal = PseudoTerminal(served, url.door, url.path, paced=paced and url.scheme == "pty")
        stack.callback(terminal.end)
        return url
    if url.scheme == "udp":
        transport, _ = await served.loop.create_datagram_endpoint(
            lambda: DatagramDoor(served, url.door), local_addr=(url.host, url.port)
        )
        stack.callback(transport.close)
        return replace(url, port=transport.get_extra_info("sockname")[1])
    door = PortServerDoor if url.scheme.endswith("rfc2217") else StreamDoor
    return await _listen(lambda: door(served, url.door), url, stack)


async def _listen(
    factory: Callable[[], asyncio.Protocol], url: ListenUrl, stack: contextlib.AsyncExitStack
) -> ListenUrl:
    server = await asyncio.get_running_loop().create_server(factory, url.host, url.port)
    stack.callback(server.close)
    return replace(url, port=server.sockets[0].getsockname()[1])


def _allow_many_files() -> None:
    """Each meter needs a handful of sockets."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


if __name__ == "__main__":
    sys.exit(main())
