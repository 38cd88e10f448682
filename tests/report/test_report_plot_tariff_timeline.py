"""The plot of tariffs over time: well-formed, every look named, those at a tariff that is not due marked."""

from xml.etree import ElementTree

import pytest

from harness.report.plots.tariff_timeline import TariffTimelineData, tariff_timeline_svg

SVG = "{http://www.w3.org/2000/svg}"


def at(minute: int) -> str:
    return f"2026-03-02T12:{minute:02}:00+00:00"


def data(*looks: tuple[int, int], latest: int = 10) -> TariffTimelineData:
    return {
        "tariffs": ["1", "<2>"],
        "first": 0,
        "shifts": [(at(10), at(latest), 1)],
        "looks": [(at(minute), at(minute), rate) for minute, rate in looks],
    }


def test_looks_at_a_tariff_that_is_not_due_have_another_colour_and_a_mark() -> None:
    svg = tariff_timeline_svg(data((9, 0), (11, 1), (12, 0)))
    points = list(ElementTree.fromstring(svg).iter(f"{SVG}circle"))
    colours = [point.get("fill") for point in points]
    assert colours[0] == colours[1] != colours[2]
    assert svg.count(">!<") == 1
    assert points[1].findtext(f"{SVG}title") == "2026-03-02 12:11:00: tariff <2>"


def test_within_the_span_of_a_shift_both_tariffs_are_due() -> None:
    svg = tariff_timeline_svg(data((15, 0), (16, 1), latest=20))
    assert ">!<" not in svg


@pytest.mark.parametrize("looks", [(), ((10, 0),), ((0, 0), (59, 1))])
def test_any_looks_make_an_image(looks: tuple[tuple[int, int], ...]) -> None:
    root = ElementTree.fromstring(tariff_timeline_svg(data(*looks)))
    for circle in root.iter(f"{SVG}circle"):
        assert 0 <= float(circle.get("cx", "nan")) <= 760
