"""The review on a screen: what disagrees, the funnel, the time it takes, the waits, the effects."""

from collections import Counter
from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from harness.effect import EFFECTS
from harness.review.check import Review
from harness.review.estimate import Span, Wait
from harness.review.fact import Row
from harness.review.funnel import FATES, Fated

__all__ = ["effects_of", "in_words", "show"]

_MOST_NAMES = 4
_COLUMNS = ("item", "declared", "announced", "observed", "")


def show(found: Review, console: Console, *, every: bool) -> None:
    """Print the review; ``every`` row of it, or those that disagree or ask for a person."""
    _rows(found, console, every=every)
    _funnel(found, console)
    _effects(found.items, console)
    _time(found, console)
    _waits(found, console)
    for line in found.incomplete:
        console.print(f"[yellow]not asked for everything:[/] {escape(line)}", highlight=False, soft_wrap=True)
    for leak in found.leaks:
        console.print(f"[bold red]{escape(leak)}[/]", highlight=False, soft_wrap=True)
    if found.folder is not None:
        console.print(f"frames: {found.folder / 'trace.jsonl'}", highlight=False, soft_wrap=True, markup=False)
    count = len(found.disagreements)
    said = f"[bold red]{count} disagreement{'' if count == 1 else 's'}[/]" if count else "[green]no disagreement[/]"
    console.print(said, highlight=False)


def _rows(found: Review, console: Console, *, every: bool) -> None:
    for door in dict.fromkeys(row.door for row in found.rows):
        of_door = [row for row in found.rows if row.door == door]
        shown = [row for row in of_door if every or row.agrees is False or (row.agrees is None and row.note)]
        agree = sum(row.agrees is True for row in of_door)
        hint = "" if every else f"; {len(of_door) - len(shown)} more rows with --all"
        console.print(f"\n[bold]door {escape(door)}[/]: {agree} items agree{hint}", highlight=False)
        if shown:
            console.print(_table(shown))


def _table(rows: Iterable[Row]) -> Table:
    table = Table(*_COLUMNS, box=None, pad_edge=False, header_style="dim")
    for row in rows:
        mark = {True: "[green]agrees[/]", False: "[bold red]disagrees[/]", None: "[yellow]note[/]"}[row.agrees]
        if row.agrees is None and not row.note:
            mark = ""
        frame = f" (frame {row.frame})" if row.frame and row.agrees is False else ""
        cells = (f"{row.topic}: {row.item}", row.declared, row.announced, row.observed)
        note = escape(f"{': ' if mark and row.note else ''}{row.note}{frame}")
        table.add_row(*(escape(cell) for cell in cells), mark + note)
    return table


def _funnel(found: Review, console: Console) -> None:
    items = found.items
    console.print(f"\n[bold]what a run would do[/]: {len(items)} scenarios, rows and doors", highlight=False)
    for fate, words in FATES.items():
        of_fate = [one for one in items if one.fate == fate]
        if not of_fate:
            continue
        console.print(f"  {len(of_fate):>5} {words}", highlight=False)
        for (by, reason), count in Counter((one.by, one.reason) for one in of_fate if one.by).most_common():
            console.print(f"        {count:>5} {by}: {reason}", highlight=False, soft_wrap=True, markup=False)
    by_requirement: dict[str, list[Fated]] = {}
    for one in items:
        by_requirement.setdefault(found.catalogue.requirement_of(one.meta.clause).id, []).append(one)
    table = Table("requirement", "run", "of", "because", box=None, pad_edge=False, header_style="dim")
    for requirement, members in by_requirement.items():
        if all(one.by == "--only" for one in members):
            continue
        runs = sum(one.fate == "runs" for one in members)
        why = Counter(one.by for one in members if one.fate != "runs")
        reasons = ", ".join(f"{count} {by}" for by, count in why.most_common())
        table.add_row(requirement, str(runs), str(len(members)), escape(reasons))
    console.print(table)


def effects_of(items: Iterable[Fated]) -> dict[str, list[str]]:
    """Return which scenarios that run have which effect, the most harmless effect first."""
    found: dict[str, list[str]] = {effect: [] for effect in EFFECTS}
    for one in items:
        if one.fate == "runs":
            for effect in one.meta.effects:
                found[effect].append(one.meta.key)
    return {effect: keys for effect, keys in found.items() if keys}


def _effects(items: Sequence[Fated], console: Console) -> None:
    console.print("\n[bold]what it would do to the device[/]", highlight=False)
    for effect, keys in effects_of(items).items():
        line = f"  {len(keys):>5} {effect}: {_named(keys)}"
        console.print(line, highlight=False, soft_wrap=True, markup=False)


def _named(keys: Sequence[str]) -> str:
    names = list(dict.fromkeys(key.partition("@")[0] for key in keys))
    more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
    return ", ".join(names[:_MOST_NAMES]) + more


def _time(found: Review, console: Console) -> None:
    console.print("\n[bold]how long it would take[/]", highlight=False)
    total = Span()
    for door, span in found.spans.items():
        total += span
        console.print(f"  {door}: {in_words(span)}", highlight=False, markup=False)
    if len(found.spans) > 1:
        console.print(f"  together: {in_words(total)}", highlight=False, markup=False)
    console.print(
        "  Reckoned from what the scenarios cost at the reference meter, this line rate and these times; longer "
        "answers and missing ones take more.",
        highlight=False, soft_wrap=True,
    )  # fmt: skip
    if found.unmeasured:
        console.print(f"  {found.unmeasured} scenarios were never measured and count as average ones.", highlight=False)


def in_words(span: Span) -> str:
    """Return e.g. ``about 12 min (8 min to 20 min)``."""
    return f"about {_duration(span.likely_s)} ({_duration(span.least_s)} to {_duration(span.most_s)})"


def _duration(seconds: float) -> str:
    if seconds < 100:
        return f"{seconds:.0f} s"
    if seconds < 5400:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h"


def _waits(found: Review, console: Console) -> None:
    if not found.waits:
        return
    console.print("\n[bold]what is waited for[/]", highlight=False)
    for wait in found.waits:
        console.print(f"  {_wait(wait)}", highlight=False, soft_wrap=True, markup=False)
    time = found.declaration.bench.time
    said = {
        "reference": "the bench moves the device's time, so this costs nothing",
        "clock_setting": "the bench sets the device's clock to shortly before each moment",
    }.get(time or "", "every scenario waits for itself, in the order of the run")
    console.print(f"  ([bench] time = {time or 'nothing'}: {said})", highlight=False, soft_wrap=True, markup=False)


def _wait(wait: Wait) -> str:
    what = "time that passes under load or idle" if wait.moment == "time" else wait.moment
    took = f", {_duration(wait.likely_s)}" if wait.likely_s else ""
    return f"{what}: {wait.times} times in {len(wait.items)} scenarios{took}: {_named(wait.items)}"
