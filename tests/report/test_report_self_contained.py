"""Finding and taking out what a page would load from a host."""

import pytest

from harness.report.self_contained import loads_from_outside, without_outside_scripts

ANALYTICS = """<html><script>window.app = 1</script>
<script async src="https://analytics.example/gtag/js?id=G-1"></script>
<script>window.dataLayer = window.dataLayer || []; function gtag(){} gtag('js', new Date());</script>
<script src="data:text/javascript;base64,AAAA"></script></html>"""


def test_analytics_go_and_the_application_stays() -> None:
    html = without_outside_scripts(ANALYTICS)
    assert "analytics.example" not in html
    assert "gtag" not in html
    assert "window.app = 1" in html
    assert "base64,AAAA" in html
    assert loads_from_outside(ANALYTICS) == ["https://analytics.example/gtag/js?id=G-1"]
    assert loads_from_outside(html) == []


@pytest.mark.parametrize(
    "html",
    [
        '<img alt="x" src="https://host.example/a.png">',
        "<link rel=stylesheet href=//host.example/a.css>",
        "<iframe src='http://host.example/'></iframe>",
        "<style>@import 'https://host.example/a.css';</style>",
        '<p style="background: url(https://host.example/a.png)">',
    ],
)
def test_everything_that_loads_is_found(html: str) -> None:
    assert len(loads_from_outside(html)) == 1


@pytest.mark.parametrize(
    "html",
    [
        '<a href="https://host.example/">a link for people</a>',
        '<svg xmlns="http://www.w3.org/2000/svg"></svg>',
        '<img src="data:image/png;base64,AA">',
        '<script>var link = "<img src=https://host.example>"</script>',
    ],
)
def test_what_loads_nothing_is_left_alone(html: str) -> None:
    assert loads_from_outside(html) == []
    assert without_outside_scripts(html) == html
