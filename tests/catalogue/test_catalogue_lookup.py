"""Look-ups, and the mechanics of review, on a small catalogue."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import ValidationError

from harness.catalogue import Catalogue, load_catalogue, stamp, text_fingerprint
from harness.catalogue.__main__ import main
from harness.errors import CatalogueError

Edit = Callable[..., Path]


def test_ids_of_clauses_and_requirements_are_known(small: Catalogue) -> None:
    assert small.ids == {
        *("TR-Conf.05", "TR-Conf.05a", "TR-Conf.05b", "TR-Conf.05c"),
        *("BI.01", "BI.01.step1", "BI.01.step3", "T.1"),
    }
    assert small.is_known("TR-Conf.05a")
    assert small.is_known("TR-Conf.05")
    assert not small.is_known("TR-Conf.5")


def test_requirement_of_clause_step_and_itself(small: Catalogue) -> None:
    assert small.requirement_of("TR-Conf.05b").id == "TR-Conf.05"
    assert small.requirement_of("BI.01.step3").id == "BI.01"
    assert small.requirement_of("BI.01").id == "BI.01"


def test_unknown_id_names_the_nearest(small: Catalogue) -> None:
    with pytest.raises(CatalogueError, match=r"`TR-Conf\.5a` is not in the catalogue; did you mean `TR-Conf"):
        small.requirement_of("TR-Conf.5a")


def test_clauses_of_an_id(small: Catalogue) -> None:
    assert small.clauses_of("TR-Conf.05") == ("TR-Conf.05a", "TR-Conf.05b", "TR-Conf.05c")
    assert small.clauses_of("TR-Conf.05b") == ("TR-Conf.05b",)
    assert small.clauses_of("T.1") == ("T.1",)


def test_linked_clauses_are_those_of_a_threat_only(small: Catalogue) -> None:
    assert small.linked_clauses("T.1") == ("TR-Conf.05b",)
    assert small.linked_clauses("TR-Conf.05b") == ()


def test_link_to_a_requirement_stands_for_its_clauses(edited: Edit) -> None:
    small = load_catalogue(edited("small.toml", 'to = "TR-Conf.05b"', 'to = "TR-Conf.05"'))
    assert small.linked_clauses("T.1") == ("TR-Conf.05a", "TR-Conf.05b", "TR-Conf.05c")


def test_objects_are_frozen(small: Catalogue) -> None:
    with pytest.raises(ValidationError, match="frozen"):
        setattr(small.clauses["T.1"], "statement", "else")  # noqa: B010 (an assignment is what must fail)
    with pytest.raises(TypeError):
        small.clauses["T.1"] = small.clauses["TR-Conf.05a"]  # type: ignore[index]  # likewise


def test_files_stand_in_their_order(edited: Edit) -> None:
    folder = edited()
    text = (folder / "small.toml").read_text("utf-8")
    other = text[: text.index("[[requirement]]\nid")] + text[text.index('[[requirement]]\nid = "BI.01"') :]
    other = other.replace("BI.01", "BI.09").replace("T.1", "T.9").replace("TR-Conf.05b", "BI.09")
    (folder / "first.toml").write_text(other.replace("schema = 1", "schema = 1\norder = 1"), "utf-8")
    assert [each.id for each in load_catalogue(folder).requirements][:3] == ["BI.09", "T.9", "TR-Conf.05"]


def test_unreviewed_text_makes_links_suspect(small: Catalogue) -> None:
    assert small.changed() == ("TR-Conf.05", "BI.01", "T.1")
    (link,) = small.suspects()
    assert (link.source, link.kind, link.target) == ("T.1", "mitigated_by", "TR-Conf.05b")
    assert link.changed == ("T.1", "TR-Conf.05")


def _stamp_all(folder: Path) -> None:
    stamp(folder, {each.id: text_fingerprint(each) for each in load_catalogue(folder).requirements})


def test_stamped_catalogue_is_not_suspect(edited: Edit) -> None:
    folder = edited()
    _stamp_all(folder)
    assert load_catalogue(folder).changed() == ()
    assert load_catalogue(folder).suspects() == ()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('"Diagnostics, and silence."', '"Diagnostics, and rest."'),
        ('"Silence."', '"Rest."'),
        ('title = "Diagnostics"', 'title = "Answers"'),
        ('reason = "it is seen"', 'reason = "it is felt"'),
    ],
)
def test_changed_text_makes_its_links_suspect_until_stamped(edited: Edit, before: str, after: str) -> None:
    folder = edited()
    _stamp_all(folder)
    file = folder / "small.toml"
    file.write_text(file.read_text("utf-8").replace(before, after, 1), "utf-8")
    changed = load_catalogue(folder)
    assert changed.changed() == ("TR-Conf.05",)
    assert [link.changed for link in changed.suspects()] == [("TR-Conf.05",)]
    assert stamp(folder, {"TR-Conf.05": text_fingerprint(changed.requirement_of("TR-Conf.05"))}) == (file,)
    assert load_catalogue(folder).suspects() == ()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('document = "the source"', 'document = "The Source"'),
        ('actors = ["HES", "meter"]\n', 'actors = ["HES", "meter"]\nowner = "x"\n'),
    ],
)
def test_where_a_text_stands_is_not_part_of_its_fingerprint(edited: Edit, before: str, after: str) -> None:
    folder = edited()
    _stamp_all(folder)
    file = folder / "small.toml"
    file.write_text(file.read_text("utf-8").replace(before, after, 1), "utf-8")
    assert load_catalogue(folder).changed() == ()


def test_stamping_touches_fingerprint_lines_only(edited: Edit) -> None:
    folder = edited()
    before = (folder / "small.toml").read_text("utf-8").splitlines()
    stamp(folder, {"BI.01": "new"})
    after = (folder / "small.toml").read_text("utf-8").splitlines()
    different = [pair for pair in zip(before, after, strict=True) if pair[0] != pair[1]]
    assert different == [('fingerprint = "old"', 'fingerprint = "new"')]
    assert load_catalogue(folder).requirement_of("BI.01").fingerprint == "new"


def test_stamping_an_unknown_requirement(edited: Edit) -> None:
    with pytest.raises(CatalogueError, match=r"no fingerprint line for BI\.07"):
        stamp(edited(), {"BI.07": "new"})


def test_fingerprint_of_the_catalogue_follows_every_file(edited: Edit) -> None:
    first = load_catalogue(edited()).fingerprint()
    assert load_catalogue(edited()).fingerprint() == first
    others = {
        load_catalogue(edited("small.toml", '"Silence."', '"Rest."')).fingerprint(),
        load_catalogue(edited("accepted_answers.toml", "value = 10.0", "value = 9.0")).fingerprint(),
        load_catalogue(edited("side_effects.toml", 'write_same = ["writes"]', 'write_same = ["clears"]')).fingerprint(),
    }
    assert len({first, *others}) == 4


def test_command_lists_suspects_and_records_reviews(edited: Edit, capsys: pytest.CaptureFixture[str]) -> None:
    folder = str(edited())
    assert main([folder, "TR-Conf.05", "BI.01"]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "T.1: the text has changed since its review",
        "T.1 mitigated_by TR-Conf.05b: suspect, T.1 changed",
    ]
    assert main([folder, "T.1"]) == 0
    assert main([folder]) == 0
    assert capsys.readouterr().out == ""


def test_command_with_wrong_arguments(edited: Edit, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 3
    assert "usage:" in capsys.readouterr().err
    assert main([str(edited()), "BI.07"]) == 3
    assert "`BI.07` is not in the catalogue" in capsys.readouterr().err
