"""Findings that were known before the run, set against what came."""

from dataclasses import dataclass

from harness.report.summary import Summary
from harness.verdict import Verdict

__all__ = ["Known", "known_findings"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """One entry of the file of known findings."""

    key: str
    verdict: Verdict
    reason: str
    link: str
    now: Verdict | None
    """The verdict that came; None where the scenario did not run."""

    @property
    def is_stale(self) -> bool:
        """Whether the entry no longer holds."""
        return self.now is not self.verdict

    @property
    def is_address(self) -> bool:
        """Whether a browser can follow the link."""
        return self.link.startswith(("https://", "http://"))


def known_findings(summary: Summary) -> dict[str, Known]:
    """Return the known findings of a run by result key, stale ones first; none where no file was given."""
    came = {result.key: result.verdict for result in summary.results}
    entries = (summary.facts.known or {}).get("entries", [])
    known = [
        Known(
            key=entry["key"],
            verdict=Verdict(entry["verdict"]),
            reason=entry["reason"],
            link=entry["link"],
            now=came.get(entry["key"]),
        )
        for entry in entries
    ]
    return {each.key: each for each in sorted(known, key=lambda each: not each.is_stale)}
