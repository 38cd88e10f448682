"""Wrong files: the message names file, key and what is allowed."""

from collections.abc import Callable
from pathlib import Path

import pytest

from harness.catalogue import load_catalogue
from harness.errors import CatalogueError

Edit = Callable[..., Path]


# Text replaced in the file of requirements, its replacement, and what the message must hold.
CASES = [
    ("schema = 1", "schema = 2", ["small.toml: schema: 2 is not allowed; allowed: 1"]),
    ("schema = 1\n", "", ["small.toml: schema: missing"]),
    ('title = "Diagnostics"\n', "", ["requirement[0] (TR-Conf.05).title: missing"]),
    ('title = "Diagnostics"', 'title = " "', ["requirement[0] (TR-Conf.05).title", "at least 1 character"]),
    ('title = "Diagnostics"', "title = 5", ["(TR-Conf.05).title", "valid string", "not 5"]),
    (
        'title = "Diagnostics"',
        'titel = "Diagnostics"',
        ["(TR-Conf.05).titel: unknown key", "did you mean `title`?", "`statement`"],
    ),
    (
        'statement = "Silence."',
        'statment = "Silence."',
        ["(TR-Conf.05).clauses[1] (TR-Conf.05b).statment: unknown key", "did you mean `statement`?"],
    ),
    ('origin = "source"', 'origin = "guessed"', ["origin: 'guessed' is not allowed", "'source' or 'derived'"]),
    ('actors = ["meter"]', 'actors = ["Meter"]', ["actors[0]: 'Meter' is not allowed", "'NNAP'"]),
    ('actors = ["meter"]', "actors = []", ["(TR-Conf.05).actors", "at least 1 item"]),
    (
        'verification = "test"',
        'verification = "try"',
        ["clauses[0] (TR-Conf.05a).verification: 'try' is not allowed", "'inspection'"],
    ),
    (
        'not_tested = { class = "inspection", reason = "it is seen" }\n',
        "",
        ["clauses[2] (TR-Conf.05c)", "inspection needs `not_tested`"],
    ),
    (
        'class = "inspection"',
        'class = "no scenario yet"',
        ["clauses[2] (TR-Conf.05c).not_tested.class: 'no scenario yet' is not allowed", "'other actor'"],
    ),
    (
        'class = "inspection", ',
        'kind = "inspection", ',
        ["not_tested.class: missing", "not_tested.kind: unknown key; allowed: `class`, `reason`"],
    ),
    ('id = "TR-Conf.05b"', 'id = "TR-Conf.06b"', ["`TR-Conf.06b` does not belong here", "`TR-Conf.05a`"]),
    ('id = "TR-Conf.05b"', 'id = "TR-Conf.05a"', ["TR-Conf.05a: the id stands in the catalogue twice"]),
    ('id = "TR-Conf.05b"', 'id = "TR-Conf.05"', ["must be the only one"]),
    ('id = "TR-Conf.05"', 'id = "TR Conf"', ["(TR Conf).id", "match pattern"]),
    ("self_check = true", 'self_check = "yes"', ["(BI.01.step1).self_check", "valid boolean"]),
    ("self_check = true", "self_check = true\nself_check_part = true", ["exclude each other"]),
    ('use_cases = ["ALL"]', 'use_cases = ["BI.1"]', ["TR-Conf.05: use_cases: unknown `BI.1`", "`BI.01`"]),
    ('to = "TR-Conf.05b"', 'to = "TR-Conf.05x"', ["T.1: links: `TR-Conf.05x` is not in the catalogue"]),
    ('kind = "mitigated_by"', 'kind = "causes"', ["links[0].kind: 'causes' is not allowed", "'refines'"]),
    (
        '[[requirement.links]]\nkind = "mitigated_by"\nto = "TR-Conf.05b"\n',
        "",
        ["requirement[2] (T.1)", "verification by links needs `links`"],
    ),
    ('row = "5" }', 'row = "5", as_printed = "x" }', ["(TR-Conf.05).source", "needs `damage`"]),
    ('row = "5" }', "row = 5 }", ["(TR-Conf.05).source.row", "valid string"]),
    ('fingerprint = "old"\n', "", ["(TR-Conf.05).fingerprint: missing"]),
    ("[[requirement.clauses]]", "[[requirement.clauses]", ["small.toml: not TOML:", "line 13"]),
]


@pytest.mark.parametrize(("before", "after", "parts"), CASES, ids=[" ".join(case[2][0].split()) for case in CASES])
def test_wrong_requirement_file(edited: Edit, before: str, after: str, parts: list[str]) -> None:
    with pytest.raises(CatalogueError) as caught:
        load_catalogue(edited("small.toml", before, after))
    for part in parts:
        assert part in str(caught.value)


WRONG_ANSWERS = [
    ('id = "unknown_object"', 'id = "Unknown"', ["condition[0] (Unknown).id", "match pattern"]),
    ('error_class = "E-UNDEF"', 'error_class = "E-UNDER"', ["unknown error_class `E-UNDER`", "`E-UNDEF`"]),
    ('answers = ["dar:4", ', 'answers = ["dar:5", ', ["`unknown_object`: answer `dar:5` is not under [codes]"]),
    ('answers = ["dar:4", "silence"]', "answers = []", ["(unknown_object).answers", "at least 1 item"]),
    ('default = ["dar:4"]', 'default = ["dar:0"]', ["default `dar:0` is not accepted", "`dar:4`, `silence`"]),
    ('default = ["dar:4"]\n', "", ["(unknown_object).default: missing"]),
    ("default = 1.0", "default = 11.0", ["ceiling[0] (response_time_s)", "between 0 and `value` 10.0"]),
    ("value = 10.0", 'value = "long"', ["ceiling[0] (response_time_s).value", "valid number"]),
    ("4 = ", "four = ", ["codes.dar.four", "valid integer"]),
    (
        "[error_classes]",
        "[error_kinds]",
        ["error_classes: missing", "error_kinds: unknown key; allowed: `ceiling`, `codes`"],
    ),
    (
        "[[ceiling]]",
        '[[condition]]\nid = "unknown_object"\nerror_class = "E-UNDEF"\nabout = "x"\nanswers = ["dar:4"]\n'
        'default = ["dar:4"]\n[[ceiling]]',
        ["`unknown_object` stands here twice"],
    ),
]


@pytest.mark.parametrize(("before", "after", "parts"), WRONG_ANSWERS)
def test_wrong_answers(edited: Edit, before: str, after: str, parts: list[str]) -> None:
    with pytest.raises(CatalogueError, match=r"accepted_answers\.toml: ") as caught:
        load_catalogue(edited("accepted_answers.toml", before, after))
    for part in parts:
        assert part in str(caught.value)


WRONG_EFFECTS = [
    ('invoke = ["sets_clock"]', 'invoke = ["resets"]', ["(8).methods[0].invoke[0]: 'resets'", "'irreversible'"]),
    ('invoke = ["sets_clock"]', "invoke = []", ["(8).methods[0].invoke", "at least 1 item"]),
    ("number = 2", "number = 1", ["(8).attributes[0].number", "greater than or equal to 2"]),
    ("id = 8", "id = 0", ["class[0] (0).id", "greater than or equal to 1"]),
    ("[[class]]", '[[class]]\nid = 8\nname = "x"\nattributes = []\n[[class]]', ["class 8 stands here twice"]),
    (
        'methods = [{ number = 6, name = "shift_time", invoke = ["sets_clock"] }]',
        'methods = [{ number = 6, name = "a", invoke = ["clears"] }, { number = 6, name = "b", invoke = ["clears"] }]',
        ["method of class 8 6 stands here twice"],
    ),
    ("[logical_name]", "[obis]", ["logical_name: missing", "obis: unknown key; allowed: `class`, `logical_name`"]),
]


@pytest.mark.parametrize(("before", "after", "parts"), WRONG_EFFECTS)
def test_wrong_side_effects(edited: Edit, before: str, after: str, parts: list[str]) -> None:
    with pytest.raises(CatalogueError, match=r"side_effects\.toml: ") as caught:
        load_catalogue(edited("side_effects.toml", before, after))
    for part in parts:
        assert part in str(caught.value)


def test_every_problem_of_a_file_is_listed(edited: Edit) -> None:
    folder = edited("small.toml", 'title = "Diagnostics"\nstatement', 'titel = "Diagnostics"\nstatment')
    with pytest.raises(CatalogueError) as caught:
        load_catalogue(folder)
    lines = str(caught.value).splitlines()
    assert len(lines) == 4
    assert all(line.startswith(f"{folder / 'small.toml'}: requirement[0] (TR-Conf.05).") for line in lines)


def test_same_requirement_in_two_files(edited: Edit) -> None:
    folder = edited()
    (folder / "again.toml").write_text((folder / "small.toml").read_text("utf-8"), "utf-8")
    with pytest.raises(CatalogueError, match=r"small\.toml: TR-Conf\.05: the id stands in the catalogue twice"):
        load_catalogue(folder)


def test_no_folder(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="nowhere: no such folder"):
        load_catalogue(tmp_path / "nowhere")


@pytest.mark.parametrize("name", ["accepted_answers.toml", "side_effects.toml"])
def test_missing_file(edited: Edit, name: str) -> None:
    folder = edited()
    (folder / name).unlink()
    with pytest.raises(CatalogueError, match=f"{name}: cannot be read: No such file"):
        load_catalogue(folder)


def test_no_requirements_at_all(edited: Edit) -> None:
    folder = edited()
    (folder / "small.toml").unlink()
    with pytest.raises(CatalogueError, match="no file of requirements"):
        load_catalogue(folder)


def test_file_that_is_not_utf8(edited: Edit) -> None:
    folder = edited()
    (folder / "small.toml").write_bytes(b'title = "\xff"')
    with pytest.raises(CatalogueError, match=r"small\.toml: not UTF-8 at octet 9"):
        load_catalogue(folder)
