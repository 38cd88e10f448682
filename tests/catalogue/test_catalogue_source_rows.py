"""The real catalogue against the printed source: every row is there, as it is printed."""

import pytest

from harness.catalogue import Catalogue

ALL = ("ALL",)
BILLING = ("BI.01", "BI.02", "BI.03", "SU3")

# Number, owner, use cases and clauses of each row of the table of configuration requirements.
TABLE_ROWS = [
    ("1", "TC294", ALL, "a"),
    ("2", "TC13", ALL, "abcd"),
    ("3", "OM-FR120", ALL, "ab"),
    ("4", "OM-FR146", ALL, "a"),
    ("5", "TC13", ALL, "ab"),
    ("6", "TC13", BILLING, "abcdef"),
    ("7", "TC13", BILLING, "abc"),
    ("8", "OM-FR9", ("BI.01",), "ab"),
    ("9", "TC294", ("BI.01", "BI.02", "SU3"), "ab"),
    ("10", "OM-FR34", ("BI.03",), "ab"),
    ("11", "TF use cases", ("BI.03",), "a"),
    ("12", "OM-FR47", ("BI.03",), "a"),
]


@pytest.mark.parametrize(("row", "owner", "use_cases", "letters"), TABLE_ROWS)
def test_row_of_the_table_has_its_requirement(
    catalogue: Catalogue, row: str, owner: str, use_cases: tuple[str, ...], letters: str
) -> None:
    name = f"TR-Conf.{int(row):02}"
    requirement = catalogue.requirement_of(name)
    assert requirement.source.row == row
    assert requirement.source.table is not None
    assert (requirement.owner, requirement.use_cases, requirement.origin) == (owner, use_cases, "source")
    assert [clause.id for clause in requirement.clauses] == [name + letter for letter in letters]


def test_table_has_no_other_rows(catalogue: Catalogue) -> None:
    names = [each.id for each in catalogue.requirements if each.id.startswith("TR-Conf.")]
    assert names == [f"TR-Conf.{int(row):02}" for row, *_ in TABLE_ROWS]


# Step, producer and receiver as the slides print them.
PRINTED_STEPS = [
    ("BI.01.step1", "Actor A", "HES"),
    ("BI.01.step2", None, None),
    ("BI.01.step3", "HES", "Actor A"),
    ("SU3.step1", "HES", "meter, optionally through LNAP or NNAP"),
    ("SU3.step2", "meter", "HES, and optionally LNAP or NNAP"),
]


@pytest.mark.parametrize(("step", "producer", "receiver"), PRINTED_STEPS)
def test_printed_step_is_a_clause(catalogue: Catalogue, step: str, producer: str | None, receiver: str | None) -> None:
    clause = catalogue.clauses[step]
    assert (clause.producer, clause.receiver) == (producer, receiver)
    assert clause.row == step[-1]
    assert catalogue.requirement_of(step).origin == "source"


@pytest.mark.parametrize(("use_case", "steps"), [("BI.01", 3), ("SU3", 2), ("BI.02", 4), ("BI.03", 6)])
def test_use_case_has_its_steps_in_order(catalogue: Catalogue, use_case: str, steps: int) -> None:
    clauses = catalogue.requirement_of(use_case).clauses
    assert [clause.id for clause in clauses] == [f"{use_case}.step{number + 1}" for number in range(steps)]


@pytest.mark.parametrize("use_case", ["BI.02", "BI.03"])
def test_use_case_known_by_its_code_only_is_derived(catalogue: Catalogue, use_case: str) -> None:
    requirement = catalogue.requirement_of(use_case)
    assert requirement.origin == "derived"
    assert requirement.source.damage is not None


@pytest.mark.parametrize("number", range(1, 7))
def test_minimum_functionality_is_its_own_only_clause(catalogue: Catalogue, number: int) -> None:
    requirement = catalogue.requirement_of(f"MF.{number}")
    assert (requirement.source.slide, requirement.source.row) == ("Minimum functionalities", str(number))
    assert [clause.id for clause in requirement.clauses] == [requirement.id]


@pytest.mark.parametrize(
    ("flow", "origin"),
    [
        ("DF.1", "source"),
        ("DF.2", "source"),
        ("DF.3", "source"),
        ("DF.4", "source"),
        ("DF.5", "derived"),
        ("DF.6", "derived"),
    ],
)
def test_data_flow_is_there(catalogue: Catalogue, flow: str, origin: str) -> None:
    assert catalogue.requirement_of(flow).origin == origin


@pytest.mark.parametrize("number", range(1, 18))
def test_threat_is_answered_by_clauses_that_can_be_judged(catalogue: Catalogue, number: int) -> None:
    linked = catalogue.linked_clauses(f"T.{number}")
    assert linked
    assert "links" not in {catalogue.clauses[clause].verification for clause in linked}


def test_nothing_else_is_in_the_catalogue(catalogue: Catalogue) -> None:
    assert len(catalogue.requirements) == 12 + 4 + 6 + 6 + 17


def test_damage_of_the_print_stays_visible(catalogue: Catalogue) -> None:
    profiles = catalogue.requirement_of("TR-Conf.06").source
    assert profiles.as_printed == "81.01 / 81.02 / 81.03 / SU3"
    assert profiles.damage is not None
    log = catalogue.requirement_of("TR-Conf.09").source
    assert log.as_printed is not None
    assert "<which be=" in log.as_printed
    assert log.damage is not None
    assert "must be configurable" in log.damage


def test_load_profiles_are_for_electricity_only(catalogue: Catalogue) -> None:
    conditions = [clause.condition for clause in catalogue.requirement_of("TR-Conf.06").clauses]
    assert {(each.item, each.any_of) for each in conditions if each} == {("identity.medium", ("electricity",))}
    assert None not in conditions


def test_gateway_record_is_for_gateways_only(catalogue: Catalogue) -> None:
    for clause in catalogue.requirement_of("TR-Conf.03").clauses:
        assert clause.condition is not None
        assert (clause.condition.item, clause.condition.any_of) == ("identity.roles", ("nnap",))


def test_device_has_no_part_in_asking_and_a_part_in_answering(catalogue: Catalogue) -> None:
    self_checks = {name for name, clause in catalogue.clauses.items() if clause.self_check}
    parts = {name for name, clause in catalogue.clauses.items() if clause.self_check_part}
    assert self_checks == {"BI.01.step1", "BI.01.step2"}
    assert parts == {"BI.01.step3", "BI.02.step4"}


def test_only_lasting_reasons_are_written_down(catalogue: Catalogue) -> None:
    reasons = {name: clause.not_tested for name, clause in catalogue.clauses.items() if clause.not_tested}
    assert {name: reason.reason_class for name, reason in reasons.items()} == {"TR-Conf.02d": "inspection"}


def test_whole_catalogue_is_reviewed(catalogue: Catalogue) -> None:
    assert catalogue.changed() == ()
    assert catalogue.suspects() == ()
