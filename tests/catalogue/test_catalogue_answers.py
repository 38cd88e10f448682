"""Accepted answers, ceilings and side effects of the real catalogue."""

import pytest

from harness.catalogue import EFFECTS, Catalogue
from harness.errors import CatalogueError


def test_known_codes(catalogue: Catalogue) -> None:
    for name in ("dar:4", "dar:250", "action:3", "exception:1/2", "exception:2/6", "dm", "frmr", "silence"):
        assert catalogue.known_answer(name), name
    for name in ("aare:0", "aare:1/user:13", "aare:2/user:1", "aare:1/provider:2", "confirmed:1/6/2"):
        assert catalogue.known_answer(name), name


@pytest.mark.parametrize(
    "name",
    [
        *("dar:77", "dar:5", "action:16.", "action:17", "exception:3/1", "exception:1/7", "aare:3/user:1"),
        *("aare:1/user:15", "aare:1/provider:3", "confirmed:1/6/5", "confirmed:2/6/1", "confirmed:1/8/0"),
        *("", "dar:", "dar:04x", "reject"),
    ],
)
def test_unknown_codes(catalogue: Catalogue, name: str) -> None:
    assert not catalogue.known_answer(name)
    assert catalogue.answer_text(name) == "not in the catalogue"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("dar:4", "object-undefined"),
        ("exception:1/2", "service-not-allowed, service-not-supported"),
        ("aare:1/user:13", "rejected-permanent, authentication-failure"),
        ("confirmed:1/6/2", "initiateError, initiate, incompatible-conformance"),
    ],
)
def test_text_of_a_code(catalogue: Catalogue, name: str, text: str) -> None:
    assert catalogue.answer_text(name) == text


def test_answers_of_a_condition(catalogue: Catalogue) -> None:
    assert catalogue.accepted_answers("unknown_object") == ("dar:4", "dar:3", "dar:11")
    assert catalogue.default_answers("unknown_object") == ("dar:4",)
    assert catalogue.error_class("unknown_object") == "E-UNDEF"
    assert catalogue.conditions["unknown_object"] == ("dar:4", "dar:3", "dar:11")


@pytest.mark.parametrize(
    ("condition", "answers"),
    [
        ("no_association", ("confirmed:1/3/2", "confirmed:1/2/1", "confirmed:1/6/4", "frmr", "dm")),
        ("request_malformed", ("dar:1", "dar:2", "dar:250", "action:250", "exception:2/3")),
        ("aarq_dedicated_key_unciphered", ("aare:0", "aare:1/user:1", "aare:1/user:2", "aare:2/user:1")),
        ("client_unknown", ("aare:1/user:1", "aare:1/user:14", "aare:2/user:1", "closed", "silence")),
        ("hls_reply_wrong", ("action:2", "action:3", "action:12", "action:250")),
        ("hdlc_information_too_long", ("frmr", "silence", "rr")),
    ],
)
def test_answers_that_no_source_narrows(catalogue: Catalogue, condition: str, answers: tuple[str, ...]) -> None:
    accepted = catalogue.accepted_answers(condition)
    assert set(answers) <= set(accepted)
    assert all(catalogue.known_answer(name) for name in accepted)
    assert not {"data", "dar:0", "action:0"} & set(accepted)


def test_unknown_condition_names_the_nearest(catalogue: Catalogue) -> None:
    with pytest.raises(CatalogueError, match=r"`unknown_objekt`; did you mean `unknown_object`\?"):
        catalogue.accepted_answers("unknown_objekt")


def test_erroneously_ciphered_requests_have_no_answer_but_silence(catalogue: Catalogue) -> None:
    assert catalogue.accepted_answers("erroneously_ciphered") == ("silence",)
    assert catalogue.accepted_answers("replayed") == ("silence",)


def test_plain_errors_are_never_silent(catalogue: Catalogue) -> None:
    allowed = {"client_unknown", "aarq_undecipherable", "erroneously_ciphered", "replayed"}
    allowed |= {"protection_malformed", "compression_unsupported", "general_protection_not_negotiated"}
    allowed |= {"wrapper_header_wrong", "protection_insufficient"}
    silent = {name for name, answers in catalogue.conditions.items() if "silence" in answers}
    assert {name for name in silent if not name.startswith("hdlc_")} == allowed


def test_every_error_class_has_a_condition(catalogue: Catalogue) -> None:
    used = {row.error_class for row in catalogue.answers.condition}
    assert used == set(catalogue.answers.error_classes)


def test_ceiling(catalogue: Catalogue) -> None:
    ceiling = catalogue.ceiling("response_time_s")
    assert (ceiling.value, ceiling.default, ceiling.unit) == (10.0, 1.0, "s")
    with pytest.raises(CatalogueError, match=r"unknown ceiling `patience_s`; allowed: .*`response_time_s`"):
        catalogue.ceiling("patience_s")


def test_effects_of_reading_and_writing(catalogue: Catalogue) -> None:
    assert catalogue.effect_of_read(3, 2) == ("reads",)
    assert catalogue.effect_of_write(8, 2, same_value=True) == ("writes", "sets_clock")
    assert catalogue.effect_of_write(71, 4, same_value=True) == ("writes",)
    assert catalogue.effect_of_write(71, 4, same_value=False) == ("writes", "switches_supply")
    assert catalogue.effect_of_write(8, 1, same_value=False) == ("irreversible",)


def test_effects_of_invoking(catalogue: Catalogue) -> None:
    assert catalogue.effect_of_invoke(70, 1) == ("switches_supply",)
    assert catalogue.effect_of_invoke(64, 2) == ("changes_keys",)
    assert catalogue.effect_of_invoke(7, 1) == ("clears",)


def test_what_is_not_listed_is_taken_for_the_worst(catalogue: Catalogue) -> None:
    assert catalogue.effect_of_read(9000, 2) == ("reads",)
    assert catalogue.effect_of_write(9000, 2, same_value=True) == ("irreversible",)
    assert catalogue.effect_of_write(8, 99, same_value=True) == ("irreversible",)
    assert catalogue.effect_of_invoke(9000, 1) == ("irreversible",)
    assert catalogue.effect_of_invoke(8, 9) == ("irreversible",)


def test_every_class_that_the_harness_knows_is_listed(catalogue: Catalogue) -> None:
    listed = {row.id for row in catalogue.effects.classes}
    smallest = {1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 15, 17, 18, 19, 20, 21, 22, 23, 30, 40, 41}
    assert listed == smallest | {61, 62, 63, 64, 65, 70, 71, 72, 74, 76, 77, 122}


def test_every_effect_but_locking_out_by_failures_is_caused_by_something(catalogue: Catalogue) -> None:
    caused = {"reads"}
    for row in catalogue.effects.classes:
        for attribute in row.attributes:
            caused.update(attribute.write_same, attribute.write_other)
        for method in row.methods:
            caused.update(method.invoke)
    assert caused == set(EFFECTS)
