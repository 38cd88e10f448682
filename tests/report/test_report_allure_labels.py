"""Labels that make Allure's trees."""

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from harness.catalogue import Catalogue
from harness.report.allure_labels import labels_of, shortened
from harness.verdict import ScenarioResult, Verdict

Maker = Callable[..., ScenarioResult]


def values(labels: list[tuple[str, str]], wanted: str) -> list[str]:
    return [value for name, value in labels if name == wanted]


def test_requirement_label_carries_id_and_title(catalogue: Catalogue, make_result: Maker) -> None:
    labels = labels_of(catalogue, make_result("TR-Conf.05b-N10"), device="meter-7")
    title = catalogue.requirement_of("TR-Conf.05b").title
    assert values(labels, "requirement") == [f"TR-Conf.05 {title}"]
    assert values(labels, "clause")[0].startswith("TR-Conf.05b ")
    assert values(labels, "tag") == ["TR-Conf.05", "TR-Conf.05b"]
    assert values(labels, "epic") == ["TR-Conf"]
    assert (values(labels, "host"), values(labels, "door")) == (["meter-7"], ["loop-wrapper"])


def test_steps_are_a_tree_of_their_own(catalogue: Catalogue, make_result: Maker) -> None:
    tagged = make_result("TR-Conf.08a-P01", Verdict.PASS, "TR-Conf.08a", "SU3.step1", "SU3.step2")
    labels = labels_of(catalogue, tagged)
    assert [value.split()[0] for value in values(labels, "use_case_step")] == ["SU3.step1", "SU3.step2"]
    assert [value.split()[0] for value in values(labels, "requirement")] == ["TR-Conf.08"]
    assert [value.split()[0] for value in values(labels, "clause")] == ["TR-Conf.08a"]


def test_clauses_of_several_requirements_are_never_paired_wrongly(catalogue: Catalogue, make_result: Maker) -> None:
    tagged = make_result("TR-Conf.05a-N01", Verdict.PASS, "TR-Conf.05a", "TR-Conf.04a")
    labels = labels_of(catalogue, tagged)
    assert [value.split()[0] for value in values(labels, "requirement")] == ["TR-Conf.05", "TR-Conf.04"]
    assert values(labels, "clause") == ["TR-Conf.05a + TR-Conf.04a"]


def test_scenario_of_steps_alone_stands_under_its_use_case_and_says_so(
    catalogue: Catalogue, make_result: Maker
) -> None:
    labels = labels_of(catalogue, make_result("SU3.step2-P01"))
    title = catalogue.requirement_of("SU3.step2").title
    assert values(labels, "requirement") == [f"SU3 {title} (scenarios of no other requirement)"]
    assert values(labels, "clause") == values(labels, "use_case_step")


def test_self_check_is_tagged(catalogue: Catalogue, make_result: Maker) -> None:
    assert "self-check" in values(labels_of(catalogue, make_result("BI.01.step1-P01", door="head-end")), "tag")
    assert "self-check" not in values(labels_of(catalogue, make_result("BI.01.step3-P01")), "tag")


def test_clauses_of_one_requirement_stay_apart(catalogue: Catalogue, make_result: Maker) -> None:
    tagged = make_result("TR-Conf.06a-P01", Verdict.PASS, "TR-Conf.06a", "TR-Conf.06b")
    labels = labels_of(catalogue, tagged)
    assert [value.split()[0] for value in values(labels, "clause")] == ["TR-Conf.06a", "TR-Conf.06b"]
    assert len(values(labels, "requirement")) == 1


@given(st.text(alphabet="ab, ", max_size=300))
def test_shortened_text_is_never_longer_than_a_line(text: str) -> None:
    assert len(shortened(text)) <= 96
    if len(text) <= 96:
        assert shortened(text) == text
