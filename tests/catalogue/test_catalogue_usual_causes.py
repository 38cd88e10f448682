"""What usually lies behind a finding: data for people, checked against the catalogue and the features."""

from collections.abc import Callable
from pathlib import Path

import pytest

from harness.catalogue import load_catalogue
from harness.errors import CatalogueError
from harness.run.suite import load_suite

Edit = Callable[..., Path]
CAUSES = 'schema = 1\n[[cause]]\nof = ["{0}"]\ntexts = ["first", "second"]\n'


def test_causes_of_a_scenario_come_before_those_of_its_clause(edited: Edit) -> None:
    folder = edited()
    (folder / "usual_causes.toml").write_text(
        CAUSES.format("TR-Conf.05a") + '[[cause]]\nof = ["TR-Conf.05a-N01"]\ntexts = ["own", "second"]\n'
    )
    causes = load_catalogue(folder).causes
    assert causes.texts_for("TR-Conf.05a-N01", "TR-Conf.05a") == ("own", "second", "first")
    assert causes.texts_for("TR-Conf.05a-N02", "TR-Conf.05a") == ("first", "second")
    assert causes.texts_for("BI.01.step3") == ()


def test_catalogue_without_causes_has_none(edited: Edit) -> None:
    assert load_catalogue(edited()).causes.cause == ()


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (CAUSES.format("TR-Conf.99a"), "`TR-Conf.99a`: allowed are ids of clauses and scenarios"),
        (CAUSES.format("TR-Conf.99a-N01"), "`TR-Conf.99a-N01`: allowed are ids"),
        (CAUSES.format("TR-Conf.05a") + CAUSES.format("TR-Conf.05a").partition("\n")[2], "stands there twice"),
        ("schema = 2\n", "schema"),
        ('[[cause]]\nof = []\ntexts = ["x"]\n', "cause[0].of"),
        ('[[cause]]\nof = ["TR-Conf.05a"]\ntexts = [""]\n', "cause[0].texts"),
        ('[[cause]]\nof = ["TR-Conf.05a"]\nwhy = "x"\n', "unknown key"),
    ],
)
def test_wrong_file_is_refused(text: str, problem: str, edited: Edit) -> None:
    folder = edited()
    (folder / "usual_causes.toml").write_text(text)
    with pytest.raises(CatalogueError) as caught:
        load_catalogue(folder)
    assert "usual_causes.toml" in str(caught.value)
    assert problem in str(caught.value)


def test_bundled_causes_name_scenarios_that_there_are() -> None:
    suite = load_suite()
    assert [name for name in suite.catalogue.causes.scenarios() if name not in suite.scenarios] == []


def test_bundled_causes_cover_the_clauses_that_a_device_can_break() -> None:
    catalogue = load_suite().catalogue
    tested = [
        clause for clause in catalogue.clauses.values() if clause.verification == "test" and not clause.self_check
    ]
    without = {clause.id for clause in tested if not catalogue.causes.texts_for(clause.id)}
    assert without <= {"BI.03.step1", "BI.03.step6"}
