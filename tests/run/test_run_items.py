"""How scenarios are named that a run leaves out."""

from harness.run.items import name_scenarios


def test_some_scenarios_are_named_by_id() -> None:
    assert name_scenarios(["MF.6-P01", "TR-Conf.05b-N01"]) == "MF.6-P01, TR-Conf.05b-N01"


def test_many_scenarios_are_counted_by_clause() -> None:
    many = ["MF.6-P01", "MF.6-P02", *(f"TR-Conf.05b-N{number:02}" for number in range(1, 8))]
    assert name_scenarios(many) == "9 scenarios: MF.6 2, TR-Conf.05b 7"
