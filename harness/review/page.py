"""The review as one page that opens from disk and asks no other computer for anything."""

from collections import Counter
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from harness.report.atomic import write_text
from harness.review.check import Review
from harness.review.fact import Row
from harness.review.funnel import FATES
from harness.review.show import effects_of, in_words

__all__ = ["write_page"]


def write_page(found: Review, path: Path) -> Path:
    """Write the page and return where it is."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True, undefined=StrictUndefined
    )
    reasons = {
        fate: Counter((one.by, one.reason) for one in found.items if one.fate == fate and one.by).most_common()
        for fate in FATES
    }
    text = environment.get_template("check.html").render(
        device=found.declaration.identity.name,
        rows=sorted(found.rows, key=_urgency),
        doors=list(dict.fromkeys(row.door for row in found.rows)),
        disagreements=len(found.disagreements),
        incomplete=found.incomplete,
        fates=FATES,
        counts=Counter(one.fate for one in found.items),
        reasons=reasons,
        effects=effects_of(found.items),
        spans={door: in_words(span) for door, span in found.spans.items()},
        waits=found.waits,
        items=found.items,
    )
    write_text(path, text)
    return path


def _urgency(row: Row) -> int:
    """Put what disagrees first, then what a person should think about."""
    return 0 if row.agrees is False else 1 if row.agrees is None and row.note else 2
