"""The terminal as discovery's screen: lines that stay, and a bar that moves."""

from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

__all__ = ["TerminalScreen"]


class TerminalScreen:
    """Shows progress on the standard error stream; where that is no terminal, only the lines."""

    def __init__(self) -> None:
        console = Console(stderr=True)
        if not console.is_terminal:
            console = Console(stderr=True, width=200)
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        self._bar = Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
        self._console = console
        self._task = self._bar.add_task("", total=None, visible=False)

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._bar.stop()

    def tell(self, line: str) -> None:
        """Show one line."""
        self._console.print(line, markup=False, highlight=False)

    def progress(self, what: str, done: int, of: int) -> None:
        """Move the bar."""
        self._bar.update(self._task, description=what, completed=done, total=of, visible=done < of - 1)
