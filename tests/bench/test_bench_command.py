"""The lab's programs: arguments with values in their places, bounded in time, their failures told."""

import sys
from collections.abc import Callable

import pytest

from harness.bench.base import BenchContext
from harness.bench.command import CommandBench, make
from harness.errors import BenchError, Inconclusive


def once(name: str, produce: Callable[[], object]) -> object:
    return produce()


def bench(timeout_s: float = 20.0, **code: str) -> CommandBench:
    commands = {name: (sys.executable, "-c", text) for name, text in code.items()}
    return CommandBench(commands, once, timeout_s=timeout_s)


def test_values_stand_in_the_places_of_placeholders_and_no_shell_reads_them() -> None:
    said: list[tuple[str, object]] = []

    def recall(name: str, produce: Callable[[], object]) -> object:
        said.append((name, produce()))
        return said[-1][1]

    words = (sys.executable, "-c", "import sys; print(sys.argv[1:])", "{import_w}", "x{export_w}", "$HOME;ls")
    make(BenchContext(control=None, constant_load=None, recall=recall, commands={"load": words})).apply(1500.5, 0.0)
    assert said == [("bench:load", "['1500.5', 'x0', '$HOME;ls']")]


def test_a_program_that_fails_is_an_error_of_the_bench_with_its_words() -> None:
    failing = bench(power_cut="import sys; print('relay stuck', flush=True); sys.exit('no power')")
    with pytest.raises(BenchError, match=r"power_cut ended with 1: relay stuck\s+no power"):
        failing.cut()


def test_a_program_without_end_is_ended() -> None:
    with pytest.raises(BenchError, match=r"power_restore did not end within 0\.5 s"):
        bench(0.5, power_restore="import time; time.sleep(60)").restore()


def test_a_program_that_is_not_there_is_an_error_and_an_undeclared_one_inconclusive() -> None:
    missing = CommandBench({"seal_open": ("/no/such/program",)}, once, timeout_s=1)
    with pytest.raises(BenchError, match="No such file"):
        missing.open_seal()
    with pytest.raises(Inconclusive, match=r"bench\.commands\.seal_close"):
        missing.close_seal()
    with pytest.raises(Inconclusive, match="button_connect"):
        missing.press("connect")
    for act in (missing.invalidate_clock, missing.drop_links):
        with pytest.raises(Inconclusive):
            act()


def test_which_firmware_stands_in_its_place() -> None:
    words = (sys.executable, "-c", "import sys; print(sys.argv[1:])", "{firmware}")
    said: list[object] = []
    bench = CommandBench({"firmware": words}, lambda name, produce: said.append(produce()), timeout_s=20)
    bench.install_firmware("other")
    bench.install_firmware("former")
    assert said == ["['other']", "['former']"]
