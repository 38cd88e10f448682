from collections.abc import Callable

import pytest

from harness.declaration import (
    NEEDS,
    ROLES,
    Availability,
    Available,
    Declaration,
    DeniedBySource,
    Identity,
    Missing,
    NotOffered,
    availability,
)
from harness.errors import FeatureError

IDENTITY = Identity(name="m", manufacturer="M", type="T", serial="1", firmware="1", medium="electricity")
Load = Callable[[str], Declaration]
PROFILE = 'load_profile = { class = 7, obis = "1.0.99.1.0.255" }\n'
PARAMETERS = "[profiles.load_profile]\nperiod_s = 900\nentries = 960\n"
PUBLIC = '[[associations]]\nid = "p"\nrole = "public"\nclient_sap = 16\nmechanism = "none"\npre_established = true\n'

# item, what is replaced in the base declaration, by what, and the answer on the door "wan"
CASES: list[tuple[str, str, str, Availability]] = [
    ("load_profile", "", "", Available()),
    (
        "load_profile",
        PROFILE,
        "",
        Missing(reason="the declaration does not mention objects.load_profile", missing="declaration"),
    ),
    (
        "load_profile",
        PROFILE + "\n" + PARAMETERS,
        'load_profile = "absent"\n',
        DeniedBySource(clause="TR-Conf.06d", item="objects.load_profile", reason="declared absent"),
    ),
    (
        "power_export",
        PROFILE,
        PROFILE + 'power_export = "absent"\n',
        NotOffered(item="objects.power_export", reason="declared absent"),
    ),
    (
        "extended_register",
        PROFILE,
        PROFILE + 'max_demand_import = { class = 4, obis = "1.0.1.6.0.255" }\n',
        Available(),
    ),
    (
        "extended_register",
        PROFILE,
        PROFILE + 'max_demand_import = "absent"\n',
        NotOffered(item="objects.max_demand_import", reason="declared absent"),
    ),
    (
        "demand_register",
        "",
        "",
        Missing(reason="the declaration does not mention objects.average_demand_import", missing="declaration"),
    ),
    ("second_tariff", "", "", Available()),
    (
        "second_tariff",
        '    { class = 3, obis = "1.0.1.8.2.255" },\n',
        "",
        DeniedBySource(clause="MF.3", item="objects.energy_import_tariffs", reason="declared with a single register"),
    ),
    ("profile_parameters", "", "", Available()),
    (
        "profile_parameters",
        PARAMETERS,
        "",
        Missing(reason="the declaration does not mention profiles.load_profile", missing="declaration"),
    ),
    ("selective_access_range", "", "", Available(by_default=True)),
    ("selective_access_range", PARAMETERS, "", Available(by_default=True)),
    (
        "selective_access_range",
        PROFILE,
        "",
        Missing(reason="the declaration does not mention objects.load_profile", missing="declaration"),
    ),
    ("selective_access_range", PARAMETERS, PARAMETERS + 'selective_access = ["range"]\n', Available()),
    (
        "selective_access_entry",
        PARAMETERS,
        PARAMETERS + 'selective_access = ["range"]\n',
        NotOffered(item="profiles.load_profile.selective_access", reason="no selective access by entry"),
    ),
    (
        "selective_access_entry",
        PARAMETERS,
        PARAMETERS + "selective_access = []\n",
        DeniedBySource(
            clause="TR-Conf.06d",
            item="profiles.load_profile.selective_access",
            reason="declared without any selective access",
        ),
    ),
    (
        "reading_association",
        'role = "reading"',
        'role = "reading"\ndoors = ["optical"]',
        NotOffered(item="associations.doors", reason="door wan takes no client of role reading"),
    ),
    ("bench_time", "", "", Missing(reason="no bench provides time (bench.time)", missing="bench")),
    ("bench_time", "[answers]", '[bench]\ntime = "realtime"\n[answers]', Available()),
    (
        "bench_load",
        "[answers]",
        '[bench]\ntime = "realtime"\n[answers]',
        Missing(reason="no bench provides load (bench.load)", missing="bench"),
    ),
    ("reading_association", "", "", Available()),
    (
        "management_association",
        "",
        "",
        Missing(reason="the declaration does not mention an association of role management", missing="declaration"),
    ),
    ("authenticated_association", "", "", Available()),
    (
        "authenticated_association",
        '"lls"\nsecret = "text:hush-hush"',
        '"none"',
        Missing(reason="the declaration does not mention an association with authentication", missing="declaration"),
    ),
    (
        "pre_established_association",
        "",
        "",
        NotOffered(item="associations.pre_established", reason="no association is pre-established"),
    ),
    ("pre_established_association", "[objects]", PUBLIC + "[objects]", Available()),
    (
        "second_association",
        "",
        "",
        Missing(reason="the declaration does not mention a second association", missing="declaration"),
    ),
    (
        "second_association",
        "[objects]",
        PUBLIC + "[objects]",
        NotOffered(item="doors.associations", reason="door wan carries one association at once"),
    ),
    (
        "second_connection",
        "",
        "",
        NotOffered(item="doors.connections", reason="door wan carries one connection at once"),
    ),
    ("second_connection", 'id = "wan"', 'id = "wan"\nconnections = 2', Available()),
    ("daylight_saving", "", "", Available(by_default=True)),
    ("daylight_saving", "[answers]", "[clock]\ndst = true\n[answers]", Available()),
    (
        "daylight_saving",
        "[answers]",
        "[clock]\ndst = false\n[answers]",
        NotOffered(item="clock.dst", reason="the clock knows no daylight saving time"),
    ),
    ("atomic_list", "", "", Available(by_default=True)),
    (
        "atomic_list",
        "[answers]",
        "[metering]\natomic_list = false\n[answers]",
        NotOffered(item="metering.atomic_list", reason="values of a list may differ in time"),
    ),
]

DEMANDING = {"second_tariff": "MF.3", **dict.fromkeys(("load_profile", "selective_access_entry"), "TR-Conf.06d")}


BLAMED = {"second_tariff": "MF.3", "load_profile": "TR-Conf.06a", "selective_access_entry": "TR-Conf.06d"}


@pytest.mark.parametrize(("item", "old", "new", "expected"), CASES)
def test_need_is_answered_from_the_declaration(
    item: str, old: str, new: str, expected: Availability, base: str, load: Load
) -> None:
    assert old in base
    declaration = load(base.replace(old, new, 1))
    assert availability(declaration, declaration.door("wan"), item, clause=DEMANDING.get(item, "SU3.step2")) == expected


def test_second_association_where_the_door_carries_two(base: str, load: Load) -> None:
    text = base.replace("[objects]", PUBLIC + "[objects]").replace('id = "wan"', 'id = "wan"\nassociations = 2')
    declaration = load(text)
    assert availability(declaration, declaration.door("wan"), "second_association", clause="SU3.step2") == Available()
    assert isinstance(
        availability(declaration, declaration.door("optical"), "second_association", clause="SU3.step2"), NotOffered
    )


@pytest.mark.parametrize("item", sorted(NEEDS))
def test_every_need_has_an_answer_on_a_bare_declaration(item: str, tiny: Declaration) -> None:
    for door in tiny.doors:
        assert isinstance(availability(tiny, door, item, clause="SU3.step2"), Available | Missing | NotOffered)


def test_unknown_need_is_an_error_of_the_feature(tiny: Declaration) -> None:
    with pytest.raises(
        FeatureError, match=r'@needs\.load_profil is unknown, did you mean "load_profile"\?; allowed: active_'
    ):
        availability(tiny, tiny.doors[0], "load_profil", clause="SU3.step2")


@pytest.mark.parametrize("item", ["load_profile", "second_tariff", "selective_access_entry"])
@pytest.mark.parametrize(
    ("clause", "medium", "is_finding"),
    [("its own", "electricity", True), ("SU3.step2", "electricity", True), ("its own", "gas", False)],
)
def test_denial_is_a_finding_of_a_clause_that_demands_the_item_whoever_finds_out(
    item: str, clause: str, medium: str, is_finding: bool, base: str, load: Load
) -> None:
    old, new = next(case[1:3] for case in CASES if case[0] == item and isinstance(case[3], DeniedBySource))
    declaration = load(base.replace(old, new, 1).replace('"electricity"', f'"{medium}"'))
    clause = DEMANDING[item] if clause == "its own" else clause
    found = availability(declaration, declaration.door("wan"), item, clause=clause)
    assert type(found) is (DeniedBySource if is_finding else NotOffered)
    if isinstance(found, DeniedBySource):
        assert found.clause == (clause if clause != "SU3.step2" else BLAMED[item])


@pytest.mark.parametrize(
    ("clause", "demands"),
    [
        ("TR-Conf.08", True),
        ("TR-Conf.08a", True),
        ("SU3.step2", True),
        ("MF.1", True),
        ("MF.10", False),
        ("TR-Conf.05a", False),
    ],
)
def test_clause_belongs_to_the_requirement_whose_id_it_goes_on_from(clause: str, demands: bool) -> None:
    assert ROLES["energy_import_total"].demand.breached(clause, IDENTITY) == (clause if demands else "MF.1")
    assert ROLES["energy_import_total"].demand.breached(clause, IDENTITY.model_copy(update={"medium": "heat"})) is None
    assert (
        ROLES["energy_import_total"].demand.breached(clause, IDENTITY.model_copy(update={"roles": ("nnap",)})) is None
    )
    assert ROLES["power_import"].demand.breached(clause, IDENTITY) is None
