"""The plot of a clock's deviation: well-formed, every reading named, those beyond the limit marked."""

from xml.etree import ElementTree

import pytest

from harness.report.plots.clock_deviation import ClockDeviationData, clock_deviation_svg

SVG = "{http://www.w3.org/2000/svg}"
DAY = 86_400.0


def data(off_s: list[float]) -> ClockDeviationData:
    elapsed_s = [DAY * number for number in range(len(off_s))]
    return {"elapsed_s": elapsed_s, "off_s": off_s, "uncertainty_s": 0.1, "limit_s_per_day": 0.5}


def test_readings_beyond_the_limit_have_another_colour_and_a_mark() -> None:
    svg = clock_deviation_svg(data([0.0, 0.4, -1.05, 2.0]))
    points = list(ElementTree.fromstring(svg).iter(f"{SVG}circle"))
    colours = [point.get("fill") for point in points]
    assert colours[0] == colours[1] == colours[2] != colours[3]
    assert svg.count(">!<") == 1
    titles = [point.findtext(f"{SVG}title") for point in points]
    assert titles[3] == "after 259200 s: +2.000 s"


@pytest.mark.parametrize("off_s", [[], [0.0], [0.0, 0.0], [0.0, 1e6], [0.0, -1e-6]])
def test_any_readings_make_an_image(off_s: list[float]) -> None:
    root = ElementTree.fromstring(clock_deviation_svg(data(off_s)))
    for circle in root.iter(f"{SVG}circle"):
        assert 0 <= float(circle.get("cy", "nan")) <= 320
        assert 0 <= float(circle.get("cx", "nan")) <= 760


def test_lists_of_different_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match="not of one length"):
        clock_deviation_svg({"elapsed_s": [0.0], "off_s": [], "uncertainty_s": 0.1, "limit_s_per_day": 0.5})
