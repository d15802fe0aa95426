"""Words that are hard to read are told with the colors that meet, in the light and dark design."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.check.colors import BLACK, WHITE, Color, color_in, ratio, size_in
from digest.models import Finding
from tests.check.good_issue import HTML, made

PIER = "email.html, lead 1: “The pier opens on Saturday”"
LINKS = "<style>a { color: #00e }</style>"
DARK = "<style>@media (prefers-color-scheme: dark) {{ {} }}</style>"


def told(
    body: str = "", head: str = "", *, web: bool = False, tag: str = "<body>"
) -> list[Finding]:
    html = HTML.replace("<h1>", f"{body}<h1>", 1).replace("</head>", f"{head}</head>")
    html = html.replace("<body>", tag)
    good = made(web=html) if web else made(html=html)
    return [found for found in good.findings() if found.check == "contrast"]


def test_black_on_white_needs_no_word() -> None:
    assert told() == []


# Body, head, what the finding says; or "" where none is due.
CASES: list[tuple[str, str, str]] = [
    ("<p style='color:#777'>Tide</p>", "", "light design #777777 on #ffffff"),
    ("<p style='color:#767676'>Tide</p>", "", ""),
    ("<p style='color:#777;font-size:24px'>Tide</p>", "", ""),
    ("<p style='color:#999;font-size:24px'>Tide</p>", "", "needs 3:"),
    ("<p style='color:#777;font-size:19px;font-weight:bold'>Tide</p>", "", ""),
    ("<p style='color:#777;font-size:18px;font-weight:bold'>Tide</p>", "", "needs 4.5:"),
    ("<p style='color:#777;font:700 14pt/1.2 serif'>Tide</p>", "", ""),
    ("<p style='color:#777;font-size:150%'>Tide</p>", "", ""),
    ("<p style='color:#777;font-size:1.4rem'>Tide</p>", "", "needs 4.5:"),
    ("<h2 style='color:#777'>Tide</h2>", "", ""),
    ("<table><tr><td bgcolor='#000'><p>Tide</p></td></tr></table>", "", "#000000 on #000000"),
    ("<table><tr><td bgcolor='#000' style='background:#fff'>Tide</td></tr></table>", "", ""),
    ("<div style='background:#000 none'><p>Tide</p></div>", "", "#000000 on #000000"),
    ("<div style='background:#000'><p style='background-color:#fff'>Tide</p></div>", "", ""),
    ("<div style='background:#000 url(a.png)'><p>Tide</p></div>", "", ""),
    ("<div style='background:linear-gradient(#000,#111)'><p>Tide</p></div>", "", ""),
    ("<div style='background:rgba(0,0,0,.9)'><p>Tide</p></div>", "", "#000000 on #191919"),
    ("<div style='background:rgba(0,0,0,.1)'><p>Tide</p></div>", "", ""),
    ("<p style='color:rgba(0,0,0,.3)'>Tide</p>", "", "#b2b2b2 on #ffffff"),
    ("<p style='color:oklch(90% 0 0)'>Tide</p>", "", ""),
    ("<p style='color:nonsense'>Tide</p>", "", ""),
    ("<p style='color:#aaa;display:none'>Tide</p>", "", ""),
    ("<p style='color:#aaa'> · </p>", "", ""),
    ("<p style='color:#aaa'><b style='color:#000'>Tide</b></p>", "", ""),
    ("<p style='color:#aaa'><b style='color:#000'>Tide</b> high</p>", "", "#aaaaaa on #ffffff"),
    ("<p style='color:#aaa'><!-- low -->high</p>", "", "#aaaaaa on #ffffff"),
    ("<p style='color:#aaa'><b style='color:#000;background:inherit'>Tide</b></p>", "", ""),
    ("<p><font color='#aaa'>Tide</font></p>", "", "#aaaaaa on #ffffff"),
    # --- the cascade
    ("<p class='x'>Tide</p>", "<style>.x { color: #aaa }</style>", "#aaaaaa"),
    ("<p class='x'>Tide</p>", "<style>.x, p:hover { color: #aaa }</style>", "#aaaaaa"),
    ("<p class='x'>Tide</p>", "<style>p:hover { color: #aaa }</style>", ""),
    ("<p class='x'>Tide</p>", "<style>.x { color: #aaa } p { color: #000 }</style>", "#aaaaaa"),
    ("<p class='x' style='color:#000'>Tide</p>", "<style>.x { color: #aaa }</style>", ""),
    ("<p class='x' style='color:#000'>T</p>", "<style>.x { color: #aaa !important }</style>",
     "#aaaaaa"),
    ("<p class='x' style='color:#000 !important'>T</p>",
     "<style>.x { color: #aaa !important }</style>", ""),
    ("<div><p id='x'>Tide</p></div>", "<style>div > #x { color: #aaa } </style>", "#aaaaaa"),
    ("<p class='x'>Tide</p>", "<style media='print'>.x { color: #aaa }</style>", ""),
    ("<p class='x'>Tide</p>", "<style>@media print { .x { color: #aaa } }</style>", ""),
    ("<p class='x'>T</p>", "<style>@media only screen { .x { color: #aaa } }</style>", "light"),
    ("<p class='x'>T</p>", "<style>[data-ogsc] .x { color: #aaa }</style>", ""),
    ("<p class='x'>T</p>", "<!--[if mso]><style>.x { color: #aaa }</style><![endif]-->", ""),
    # --- the dark design
    ("<p class='x'>T</p>", DARK.format(".x { color: #aaa }"), "dark design #aaaaaa on #ffffff"),
    ("<p class='x'>T</p>", DARK.format("body { background: #000 } body, a { color: #fff }"), ""),
    ("<p class='x' style='color:#222'>T</p>",
     DARK.format("body { background: #000 } body, a { color: #fff }"), "#222222 on #000000"),
    ("<p class='x' style='color:#222'>T</p>",
     DARK.format("body { background: #000 } body, a, .x { color: #fff }"), "#222222 on #000000"),
    ("<p class='x' style='color:#222'>T</p>",
     DARK.format("body { background: #000 } body, a, .x { color: #fff !important }"), ""),
    ("<p style='color:#222'>T</p>", "<meta name='color-scheme' content='light dark'>",
     "dark design #222222 on #121212"),
    ("<p style='color:#222'>T</p>", "<meta name='color-scheme' content='light'>", ""),
    # --- variables
    ("<p style='color:var(--x)'>T</p>", "<style>:root { --x: #aaa }</style>", "#aaaaaa"),
    ("<p style='color:var(--y, #aaa)'>T</p>", "<style>:root { --x: #000 }</style>", "#aaaaaa"),
    ("<p style='color:var(--x)'>T</p>", "<style>:root { --x: #000 } p { --x: #aaa }</style>", ""),
    ("<p style='color:var(--x)'>T</p>", "<style>:root { --x: var(--x) }</style>", ""),
    ("<p style='color:var(--x)'>T</p>",
     "<style>:root { --x: #000 }</style>" + DARK.format(":root { --x: #aaa }"), "dark design"),
    ("<p style='color:light-dark(#000, #aaa)'>T</p>", DARK.format("i { color: red }"),
     "dark design #aaaaaa"),
]  # fmt: skip


@pytest.mark.parametrize("web", [False, True], ids=["email", "web"])
@pytest.mark.parametrize(("body", "head", "says"), CASES)
def test_contrast(body: str, head: str, says: str, *, web: bool) -> None:
    found = told(body, head, web=web)
    assert [f.where for f in found] == ["web.html" if web else "email.html"] * bool(says)
    assert all(says in f.what for f in found)
    assert all(f.level == "warning" and f.mend and f.why for f in found)


def test_a_pair_of_colors_is_told_once_at_its_first_place() -> None:
    html = HTML.replace("<p>", "<p style='color:#aaa'>")
    found = [f for f in made(html=html).findings() if f.check == "contrast"]
    assert [f.where for f in found] == [PIER]
    assert "2.32 : 1, and needs 4.5: “The pier opens on Saturday." in found[0].what


def test_a_pair_that_both_designs_have_is_told_of_the_light_one() -> None:
    found = told("<p style='color:#aaa'>Tide</p>", DARK.format("i { color: red }"))
    assert [f.what.split(" #")[0] for f in found] == ["In the light design"]


def test_links_without_a_color_are_blue() -> None:
    found = told(tag="<body bgcolor='#000' style='color:#fff'>")
    assert [f.what[:40] for f in found] == ["In the light design #0000ee on #000000 h"]
    assert told(tag="<body bgcolor='#000' style='color:#fff'>", head="<style>a{color:#fff}") == []


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [(BLACK, WHITE, 21.0), (WHITE, WHITE, 1.0), (Color(1, 0, 0), WHITE, 3.998),
     (Color(0.5, 0.5, 0.5), BLACK, 5.281)],
)  # fmt: skip
def test_ratio_is_that_of_wcag(one: Color, other: Color, expected: float) -> None:
    assert ratio(one, other) == pytest.approx(expected, abs=0.001)
    assert ratio(other, one) == ratio(one, other)


def test_values() -> None:
    assert color_in("#FFF", dark=False) == WHITE
    assert color_in("url(a.png) #fff", dark=False) is None
    assert color_in("no-repeat", dark=False) == "none"
    assert color_in("hsl(0 100% 50%)", dark=False) == Color(1, 0, 0)
    assert color_in("inherit", dark=False) == "current"
    assert size_in("clamp(10px, 4vw, 20px)", 16) == 10
    assert size_in("bold 12pt/14pt serif", 16) == 16
    assert size_in("2em", 10) == 20
    assert size_in("x-large", 10) == 24
    assert size_in("0", 10) == 0
    assert size_in("var(--x)", 10) == 10


# --- hostile input

NEST = "<div style='color:#aaa'>" * 3000
STYLES = [
    ".a" * 20_000 + "{color:red}",
    ".a," * 20_000 + ".b{color:red}",
    ".a " * 10_000 + "{color:red}",
    "".join(f"div div div div div div .a{n},{{color:red}}" for n in range(800)),
    "".join(f"div div div .a .a{n}{{color:red}}" for n in range(800)),
    "p ~ p ~ p{color:red}" * 900,
    ":not(" * 5_000 + "a{color:red}",
    ":is(:is(:is(:is(a))))" * 1_000 + "{color:red}",
    ":root{" + "".join(f"--v{n}:var(--v{n + 1})var(--v{n + 1});" for n in range(90)) + "}"
    "p{color:var(--v0)}",
    "p{color:" + "var(--a," * 4_000,
    "p{color:rgb(" + "1," * 9_000,
    "[style*='" + "a" * 9_000 + "']{color:red}",
    "p{font-size:" + "9" * 9_000 + "px;color:#aaa}",
    "p{color:light-dark(" * 300,
    "p{color:light-dark()}",
    "p{font-weight:" + "²" * 10 + "}",
]  # fmt: skip


@pytest.mark.parametrize("style", STYLES, ids=range(len(STYLES)))
def test_hostile_styles_end_soon_and_raise_nothing(style: str) -> None:
    told("<p class='a'>" + "<b>T</b>" * 2_000 + "</p>" + NEST, f"<style>{style}</style>")


def test_tinycss2_raises_for_long_integers_until_it_does_not() -> None:
    """Why digits are cut; when this fails, `_bounded` of css.py need not do so."""
    import tinycss2

    with pytest.raises(ValueError, match="4300"):
        tinycss2.parse_component_value_list("9" * 5000)


@given(
    selector=st.text(alphabet="ab.#>+~ :()[]=*,'\\|-1", max_size=20),
    value=st.text(alphabet="ab#f0(),%/ .-var123", max_size=20),
)
@settings(deadline=None, max_examples=150)
def test_no_rule_makes_it_raise(selector: str, value: str) -> None:
    told("<p style='font:" + value + ";color:" + value + "'>T</p>",
         f"<style>{selector}{{color:{value};background:{value}}}</style>")  # fmt: skip
