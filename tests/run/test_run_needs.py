"""What a scenario needs: defaults that are judged are said, and denials count where the clause demands the item."""

from harness.errors import NonConformity
from harness.run.outcome import judgement_of


def test_note_goes_to_findings_that_have_none() -> None:
    bare = judgement_of(
        NonConformity(clause="c", expected="e", observed="o"), clause="c", in_preamble=False, frame=None
    )
    own = judgement_of(
        NonConformity(clause="c", expected="e", observed="o", note="declared absent"),
        clause="c",
        in_preamble=False,
        frame=None,
    )
    assert [finding.note for finding in bare.noted("by default").findings] == ["by default"]
    assert [finding.note for finding in own.noted("by default").findings] == ["declared absent"]
    assert bare.findings[0].note is None
