"""A person as a bench: what was asked and answered, by whom and when, is kept; nobody is no answer."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from harness.bench.base import BenchContext
from harness.bench.manual import TERMINAL, ManualBench, ask_at_terminal, make
from harness.errors import Inconclusive


class Kept:
    """A trace that keeps values, and gives them back in a replay."""

    def __init__(self, recorded: list[Any] | None = None) -> None:
        self.values: list[tuple[str, Any]] = []
        self._recorded = recorded

    def recall(self, name: str, produce: Callable[[], object]) -> object:
        value = self._recorded.pop(0) if self._recorded is not None else produce()
        self.values.append((name, value))
        return value


def test_answer_person_and_time_are_kept_and_replayed() -> None:
    kept, asked = Kept(), list[str]()

    def ask(text: str) -> str:
        asked.append(text)
        return "done"

    bench = ManualBench(kept.recall, ask=ask, person="A. Tester")
    bench.cut()
    bench.restore()
    bench.apply(1000, 0)
    bench.press("connect")
    bench.fault(present=True)
    bench.install_firmware("other")
    assert len(asked) == 6
    assert [name for name, _ in kept.values] == [
        "bench:power_cut",
        "bench:power_restore",
        "bench:load",
        "bench:button_connect",
        "bench:fault_set",
        "bench:firmware_other",
    ]
    first = kept.values[0][1]
    assert (first["answer"], first["person"], first["asked"]) == ("done", "A. Tester", asked[0])
    assert "T" in first["at"]
    ManualBench(Kept([first]).recall, ask=lambda text: pytest.fail("asked in a replay")).cut()


def test_what_cannot_be_done_is_inconclusive_with_the_reason() -> None:
    bench = ManualBench(Kept().recall, ask=lambda text: "seal is glued", person="A. Tester")
    with pytest.raises(Inconclusive, match=r"A. Tester says of .*: seal is glued") as found:
        bench.open_seal()
    assert found.value.missing == "bench"


def test_without_a_terminal_nobody_is_asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with (tmp_path / "no terminal").open("w+b") as file:
        monkeypatch.setattr(TERMINAL, "heard", file.fileno())
        assert_nobody_is_asked()


def assert_nobody_is_asked() -> None:
    assert ask_at_terminal("Do it.") is None
    bench = make(BenchContext(control=None, constant_load=None, recall=Kept().recall))
    for act in (bench.close_seal, bench.invalidate_clock, bench.drop_links):
        with pytest.raises(Inconclusive, match="nobody is at a terminal"):
            act()
