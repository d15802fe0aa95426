"""What clients lack is told once for each feature, with the clients; what a good mail lives with
is not.
"""

from __future__ import annotations

import json
from fnmatch import fnmatchcase
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.client_support import compact, written
from digest.check.baseline import ACCEPTED, NOT_JUDGED, reasons
from digest.check.client_data import known
from digest.check.css import declarations, sheet
from digest.check.features import used
from digest.check.page import html_page
from digest.models import Finding
from tests.check.good_issue import HTML, made

ROOT = Path(__file__).parents[2]


def told(*, body: str = "", head: str = "") -> list[Finding]:
    html = HTML.replace("<h1>", f"{body}<h1>", 1).replace("</head>", f"{head}</head>")
    assert html != HTML
    return [found for found in made(html=html).findings() if found.check == "support"]


def test_a_plain_mail_is_supported_everywhere() -> None:
    assert [f for f in made().findings() if f.check == "support"] == []


# What is there, what the finding names, clients that must be among its own.
LACKING: list[tuple[str, str, str, set[str]]] = [
    ("<div style='display:flex'></div>", "", "display:flex", {"Gmail", "Outlook"}),
    ("<div style='position:absolute'></div>", "", "position", {"Gmail", "Outlook", "Yahoo"}),
    ("<div style='float:left'></div>", "", "float", {"Outlook"}),
    ("<div style='background-image:url(a.png)'></div>", "", "background-image", {"Outlook"}),
    ("<div style='background:#fff url(a.png)'></div>", "", "background-image", {"Outlook"}),
    ("<p style='color:var(--ink)'></p>", "", "CSS Variables", {"Gmail", "Outlook", "Yahoo"}),
    ("<p style='color:rgba(0,0,0,.5)'></p>", "", "rgba()", {"Outlook"}),
    ("<p style='color:rgb(0 0 0)'></p>", "", "rgb()", {"Gmail", "Yahoo"}),
    ("<p style='margin-top:-4px'></p>", "", "margin", {"Gmail", "Outlook", "Yahoo"}),
    ("<p style='width:calc(100% - 2px)'></p>", "", "calc()", {"Outlook", "Yahoo"}),
    ("<p style='background:linear-gradient(red,blue)'></p>", "", "linear-gradient", {"Outlook"}),
    ("<video src='https://news.example.org/a.mp4'></video>", "", "<video>", {"Gmail", "Outlook"}),
    ("<form></form>", "", "<form>", {"Outlook"}),
    ("<svg></svg>", "", "<svg>", {"Gmail", "Outlook", "Yahoo"}),
    ("<object></object>", "", "<object>", {"Gmail", "Outlook"}),
    ("<input type=checkbox>", "", "checkbox", {"Outlook"}),
    ("<img src='https://news.example.org/a.webp' alt='A'>", "", "webP", {"Outlook"}),
    ("<img src='https://news.example.org/a.AVIF?w=3' alt='A'>", "", "AVIF", {"Outlook"}),
    ("<a href='#top'>Up</a>", "", "Local anchors", {"Yahoo"}),
    ("", "<style>@font-face{font-family:x;src:url(x)}</style>", "@font-face", {"Gmail", "Outlook"}),
    ("", "<style>@import url(a.css)</style>", "@import", {"Gmail"}),
    ("", "<style>.row { display: grid }</style>", "display:grid", {"Outlook"}),
    ("", "<style>p::before { content: 'x' }</style>", "::before", {"Gmail", "Yahoo"}),
    ("", "<style>a:checked { color: red }</style>", ":checked", {"Gmail", "Outlook"}),
    ("", "<style>p { &:hover { color: red } }</style>", "Nesting", {"Gmail"}),
    ("", "<link rel=stylesheet href='https://news.example.org/a.css'>", "<link>", {"Gmail"}),
]  # fmt: skip


@pytest.mark.parametrize(("body", "head", "named", "clients"), LACKING)
def test_what_clients_lack_is_told_with_the_clients(
    body: str, head: str, named: str, clients: set[str]
) -> None:
    found = [f for f in told(body=body, head=head) if named in f.what]
    assert len(found) == 1
    assert clients <= set(found[0].clients)
    assert found[0].level == "warning"
    assert "https://www.caniemail.com/features/" in found[0].mend
    assert all(client in found[0].why for client in found[0].clients)


FINE = [
    ("<div style='display:inline-block;border-radius:4px;max-width:600px'></div>", ""),
    ("<div style='background:#fff'></div>", ""),
    ("<div style='position:static'></div>", ""),
    ("<div style='float:none;visibility:visible'></div>", ""),
    ("<p style='margin:4px 0'></p>", ""),
    ("<p style='color:rgb(0, 0, 0)'></p>", ""),
    ("<img src='https://news.example.org/a.jpg' alt='A'>", ""),
    ("<img src='https://news.example.org/webp/a.png' alt='A'>", ""),
    ("<p role='note' lang='es' dir='ltr'>Sí</p>", ""),
    ("", "<style>@media (max-width: 480px) { .row { display: flex } }</style>"),
    ("", "<style media='(prefers-color-scheme: dark)'>.row { display: flex }</style>"),
    ("", "<style>@supports (display: grid) { .row { display: grid } }</style>"),
    ("", "<style>h1 { text-wrap: balance } [data-ogsc] a:hover { color: red !important }</style>"),
    ("", "<style>p:has(a) { color: red }</style>"),
    ("", "<!--[if mso]><style>.row { float: left; position: absolute }</style><![endif]-->"),
]


@pytest.mark.parametrize(("body", "head"), FINE)
def test_what_a_good_mail_lives_with_is_not_told(body: str, head: str) -> None:
    assert told(body=body, head=head) == []


def test_one_finding_for_a_feature_counts_its_uses_and_names_the_first_place() -> None:
    html = HTML.replace("<p>", "<p style='float:left'>")
    found = [f for f in made(html=html).findings() if f.check == "support"]
    assert [f.where for f in found] == ["email.html, lead 1: “The pier opens on Saturday”"]
    assert f"used {HTML.count('<p>')} times" in found[0].what


def test_what_outlook_on_windows_is_told_to_skip_is_not_held_against_it() -> None:
    row = "<div style='float:left'></div>"
    assert told(body=row)
    assert told(body=f"<!--[if !mso]><!-->{row}<!--<![endif]-->") == []
    assert told(body=f"<!--[if !mso]><!--><!--<![endif]-->{row}")


def test_a_background_that_vml_repeats_is_not_held_against_outlook() -> None:
    row = "<div style='background-image:url(a.png)'></div>"
    vml = "<!--[if mso]><v:rect><v:fill src='a.png'/></v:rect><![endif]-->"
    assert told(body=row)
    assert told(body=vml + row) == []


# How a feature is used that is more than a property of its own name.
USES = {
    "css-at-font-face": "<style>@font-face {}</style>",
    "css-at-import": "<style>@import 'a.css';</style>",
    "css-at-keyframes": "<style>@keyframes a {}</style>",
    "css-at-supports": "<style>@supports (a: b) {}</style>",
    "css-at-media": "<style>@media print {}</style>",
    "css-at-media-device-pixel-ratio": "<style>@media (-webkit-min-device-pixel-ratio:2){}</style>",
    "css-border-radius-logical": "<p style='border-start-end-radius:1px'>",
    "css-border-inline-block-individual": "<p style='border-inline-start:0'>",
    "css-border-inline-block-longhand": "<p style='border-inline-color:red'>",
    "css-border-inline-block": "<p style='border-block:0'>",
    "css-background-image": "<p style='background-image:url(a)'>",
    "css-block-inline-size": "<p style='block-size:1px'>",
    "css-column-layout-properties": "<p style='column-rule:0'>",
    "css-display": "<p style='display:contents'>",
    "css-float": "<p style='float:left'>",
    "css-visibility": "<p style='visibility:hidden'>",
    "css-font-size": "<p style='font-size:1rem'>",
    "css-inert-attribute": "<p inert>",
    "css-intrinsic-size": "<p style='width:min-content'>",
    "css-left-right-top-bottom": "<p style='top:0'>",
    "css-margin": "<p style='margin:-1px'>",
    "css-margin-block-start-end": "<p style='margin-block-start:0'>",
    "css-margin-inline-start-end": "<p style='margin-inline-start:0'>",
    "css-margin-inline-block": "<p style='margin-inline:0'>",
    "css-padding-block-start-end": "<p style='padding-block-start:0'>",
    "css-padding-inline-start-end": "<p style='padding-inline-start:0'>",
    "css-padding-inline-block": "<p style='padding-inline:0'>",
    "css-list-style-image": "<p style='list-style-image:url(a)'>",
    "css-modern-color": "<p style='color:oklch(0 0 0)'>",
    "css-nesting": "<style>a { b { c: d } }</style>",
    "css-position": "<p style='position:relative'>",
    "css-rgb": "<p style='color:rgb(0 0 0)'>",
    "css-rgba": "<p style='color:rgba(0,0,0,0)'>",
    "css-sytem-ui": "<p style='font-family:system-ui'>",
    "css-unit-calc": "<p style='width:calc(1px)'>",
    "css-unit-initial": "<p style='color:initial'>",
    "css-important": "<p style='color:red !important'>",
    "css-variables": "<p style='--a:b'>",
    "css-selector-adjacent-sibling": "<style>a + b {}</style>",
    "css-selector-general-sibling": "<style>a ~ b {}</style>",
    "css-selector-attribute": "<style>[a] {}</style>",
    "css-selector-universal": "<style>* {}</style>",
    "html-anchor-links": "<a href='#a'>",
    "html-button-reset": "<button type=reset>",
    "html-button-submit": "<button>",
    "html-image-maps": "<map>",
    "html-input-text": "<input>",
    "html-link": "<link rel=stylesheet>",
    "html-lists": "<ul>",
    "html-loading-attribute": "<img loading=lazy>",
    "html-meta-color-scheme": "<head><meta name=color-scheme></head>",
    "html-mailto-links": "<a href='mailto:a@example.org?bcc=b@example.org'>",
    "html-semantics": "<main>",
    "html-base": "<head><base></head>",
}


USUAL = (
    ("css-at-media-", "<style>@media ({0}: a) {{}}</style>"),
    ("css-pseudo-class-", "<style>a:{0} {{}}</style>"),
    ("css-pseudo-element-", "<style>a::{0} {{}}</style>"),
    ("css-function-", "<p style='width:{0}(1px, 2px)'>"),
    ("css-unit-", "<p style='width:1{0}'>"),
    ("css-display-", "<p style='display:{0}'>"),
    ("css-", "<p style='{0}: a; background: {0}(red, blue)'>"),
    ("image-", "<img src=a.{0}>"),
    ("html-input-", "<input type={0}>"),
    ("html-", "<{0}></{0}><p {0}=a></p>"),
)


def usage(slug: str) -> str:
    prefix, pattern = next(row for row in USUAL if slug.startswith(row[0]))
    return USES.get(slug) or pattern.format(slug.removeprefix(prefix))


SIMPLE = ("css-selector-c*", "css-selector-d*", "css-selector-grouping", "css-selector-id",
          "css-selector-type")  # fmt: skip
"""Selectors that every style has; the table accepts all selectors."""


@pytest.mark.parametrize("slug", sorted(known().features))
def test_every_feature_that_some_client_lacks_is_looked_for(slug: str) -> None:
    if slug in NOT_JUDGED or any(fnmatchcase(slug, pattern) for pattern in SIMPLE):
        return
    assert slug in {use.slug for use in used(html_page(usage(slug)))}


def test_no_row_of_the_table_is_idle() -> None:
    features = known().features
    for row in ACCEPTED:
        assert row.reason
        for pattern in row.features.split():
            hits = [slug for slug in features if fnmatchcase(slug, pattern)]
            assert any(
                row.covers(slug, client) for slug in hits for client in features[slug].support
            ), pattern
    assert set(NOT_JUDGED) <= set(features)
    assert list(reasons("css-display-flex", "Outlook")) == []


def test_the_table_stands_in_the_docs() -> None:
    written = (ROOT / "docs/clients.md").read_text("utf-8")
    docs = " ".join(written.replace("`<", "<").replace(">`", ">").split())
    for row in ACCEPTED:
        assert " ".join(row.reason.split()) in docs
        assert all(f"`{pattern}`" in docs for pattern in row.features.split()), row.features
    for slug, reason in NOT_JUDGED.items():
        assert f"`{slug}`" in docs
        assert reason in docs


# --- the data


DATA = {
    "last_update_date": "2026-01-01",
    "data": [
        {
            "slug": "css-b", "title": "b &amp; c", "notes_by_num": {"1": "See [it](https://e.org).",
                                                                     "2": "Of another platform."},
            "stats": {
                "gmail": {"ios": {"2019-01": "y", "2020-01": "a #1"}, "android": {"2020": "u"}},
                "outlook": {"macos": {"2011": "n", "2016": "y", "16.80": "n"},
                            "windows-mail": {"2020-01": "n #2"}, "windows": {"2019": "y"}},
                "apple-mail": {"ios": {"15": "y", "14": "n"}},
                "orange": {"ios": {"2019-08": "n"}},
            },
        },
        {"slug": "css-a", "title": "a", "notes_by_num": None,
         "stats": {"gmail": {"ios": {"1": "y"}}}},
    ],
}  # fmt: skip


def test_of_the_data_is_kept_what_the_newest_versions_of_the_five_lack() -> None:
    kept = compact(DATA)
    assert kept["features"] == {
        "css-b": {
            "title": "b & c",
            "support": {"Gmail": {"iOS": "a"}, "Outlook": {"macOS": "n"}},
            "notes": ["See it."],
        }
    }
    assert kept["platforms"]["Outlook"] == ["Windows", "macOS"]
    assert json.loads(written(kept)) == kept
    backwards = {**DATA, "data": DATA["data"][::-1]}
    assert written(compact(backwards)) == written(kept)


def test_the_data_is_as_the_command_writes_it_and_its_license_lies_beside_it() -> None:
    folder = ROOT / "digest/check"
    text = (folder / "caniemail.json").read_text("utf-8")
    assert written(json.loads(text)) == text
    assert "MIT License" in (folder / "caniemail.license.txt").read_text("utf-8")
    assert list(known().platforms) == ["Apple Mail", "Gmail", "Outlook", "Samsung Mail", "Yahoo"]


# --- hostile styles


@pytest.mark.parametrize(
    "style",
    ["(" * 50_000, "a{" * 30_000, "a," * 50_000 + "b{color:red}", "[" * 50_000, "/*" * 40_000,
     "a{color:" + "f(" * 30_000, '"' * 50_001, "a{b:c;" * 20_000, "@media x{" * 20_000,
     "@media " + "(" * 30_000 + "{a{b:c}}", "\\" * 50_000, "a{" + "--x:{" * 20_000, "\0\ufffe<!--",
     ":" * 60_000, ":a-" * 20_000],
)  # fmt: skip
def test_hostile_styles_are_read_without_a_sound(style: str) -> None:
    told(body=f"<p style='{style}'>x</p>", head=f"<style>{style}</style>")


@given(style=st.text(alphabet="ab:;{}()[]@!-#.,*/\\'\"1% \nurl", max_size=60))
@settings(deadline=None)
def test_no_style_makes_the_reader_raise(style: str) -> None:
    sheet(style)
    for declaration in declarations(style):
        assert declaration.name == declaration.name.lower()


def test_a_broken_declaration_is_dropped_alone() -> None:
    found = declarations("color; width:1px; : x; Float : LEFT !important")
    assert [(d.name, d.text, d.important) for d in found] == [
        ("width", "1px", False),
        ("float", "LEFT", True),
    ]
