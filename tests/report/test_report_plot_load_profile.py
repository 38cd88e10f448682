from xml.etree import ElementTree

import pytest

from harness.report.plots.load_profile import LoadProfileData, load_profile_svg

SVG = "{http://www.w3.org/2000/svg}"


def data(recorded_wh: list[float]) -> LoadProfileData:
    times = [f"2026-03-02T10:{15 * number:02}:00+00:00" for number in range(len(recorded_wh))]
    return {
        "times": times,
        "recorded_wh": recorded_wh,
        "expected_wh": [750.0] * len(recorded_wh),
        "uncertainty_wh": 20.0,
    }


def bars(svg: str) -> list[tuple[str, str]]:
    root = ElementTree.fromstring(svg)
    found = [(bar, bar.find(f"{SVG}title")) for bar in root.iter(f"{SVG}rect")]
    return [(bar.get("fill", ""), title.text or "") for bar, title in found if title is not None]


def test_bars_outside_the_uncertainty_have_another_colour_and_a_mark() -> None:
    svg = load_profile_svg(data([750.0, 745.0, 0.0, 771.0]))
    colours = [colour for colour, _ in bars(svg)]
    assert colours[0] == colours[1] != colours[2] == colours[3]
    assert svg.count(">!<") == 2
    assert bars(svg)[1][1] == "2026-03-02T10:15:00+00:00: recorded 745 Wh, expected 750 Wh"


def test_nothing_lies_outside_the_sheet() -> None:
    root = ElementTree.fromstring(load_profile_svg(data([-40.0, 750.0, 2000.0])))
    for bar in root.iter(f"{SVG}rect"):
        top, height = float(bar.get("y", "0")), float(bar.get("height", "0"))
        assert 0 <= top <= top + height <= 340


def test_image_refers_to_nothing_outside() -> None:
    svg = load_profile_svg(data([750.0] * 300), title='a <title> with "quotes"')
    assert "href" not in svg
    assert "<script" not in svg
    assert svg.count("http") == 1
    assert ElementTree.fromstring(svg).get("aria-label") == 'a <title> with "quotes"'


def test_no_rows_give_an_image_that_says_so() -> None:
    assert "no rows to compare" in load_profile_svg(data([]))


def test_lists_of_different_lengths_are_refused() -> None:
    wrong = data([1.0, 2.0])
    wrong["times"] = []
    with pytest.raises(ValueError, match="not of one length"):
        load_profile_svg(wrong)
