"""The faults of mjml-python 1.4.2 (mrml 6.0.1) and premailer 3.10 that the pipeline works around.

Each test shows a fault as it is. When one fails, the fault is gone: take its workaround out.
"""

from __future__ import annotations

import inspect
import logging
import subprocess
import sys

import cssutils
import pytest
from mjml import mjml2html
from premailer import Premailer

from digest.render.inline import inline_css
from digest.render.mjml import compile_mjml
from digest.render.mjml_tags import TAGS

cssutils.log.setLevel(logging.FATAL)


def page(body: str, head: str = "") -> str:
    return (
        f"<mjml><mj-head>{head}</mj-head><mj-body><mj-section><mj-column>{body}"
        "</mj-column></mj-section></mj-body></mjml>"
    )


def compiled(body: str, head: str = "") -> str:
    return compile_mjml(page(body, head), shown="templates/x").html


def mrml(body: str, head: str = "") -> str:
    made: str = mjml2html(page(body, head), fonts={})
    return made


def premailed(html: str, **options: object) -> str:
    made: str = Premailer(html, allow_network=False, **options).transform(pretty_print=False)
    return made


@pytest.mark.parametrize(
    "character", ["\u200d", "\u00a0", "\ufe0f", "\u0301", "\u094d", "\\", "\t", "\n"]
)
def test_mrml_writes_attributes_with_rusts_escapes(character: str) -> None:
    image = f'<mj-image src="a.png" alt="a{character}b" />'
    assert f'alt="a{character}b"' not in mrml(image)
    assert f'alt="a&#{ord(character)};b"' in compiled(image)


def test_mrml_drops_white_space_that_begins_with_a_newline() -> None:
    text = "<mj-text><b>x</b>\n<a>z</a></mj-text>"
    assert "<b>x</b><a>z</a>" in mrml(text)
    assert "<b>x</b> <a>z</a>" in compiled(text)


def test_mrml_miscounts_widths_after_a_unitless_zero() -> None:
    def ghost(padding: str) -> str:
        return mjml2html(
            f'<mjml><mj-body><mj-section padding="{padding}"><mj-column><mj-text>x</mj-text>'
            "</mj-column></mj-section></mj-body></mjml>",
            fonts={},
        )

    assert "width:552px" in ghost("0px 24px")
    assert "width:552px" not in ghost("0 24px")


def test_mrml_passes_unknown_tags_and_attributes_in_silence() -> None:
    assert mrml('<mj-text colour="#123456">x</mj-text>')
    assert "colour" not in mrml('<mj-text colour="#123456">x</mj-text>')


def test_mrml_links_a_web_font_by_default() -> None:
    text = page('<mj-text font-family="Ubuntu, sans-serif">x</mj-text>')
    assert "fonts.googleapis.com" in mjml2html(text)
    assert "fonts.googleapis.com" not in compiled('<mj-text font-family="Ubuntu">x</mj-text>')


def test_mjml_python_does_not_inline() -> None:
    style = '<mj-style inline="inline">b { color: red }</mj-style>'
    assert '<b style="' not in mrml("<mj-text><b>x</b></mj-text>", style)
    made = compile_mjml(page("<mj-text><b>x</b></mj-text>", style), shown="templates/x")
    assert '<b style="color:red">x</b>' in inline_css(made.html, made.inline_css)


def test_mrml_colors_the_preheader_white() -> None:
    # The reason why a theme writes its own preheader: white on white costs SpamAssassin points.
    assert "color:#ffffff" in mrml("<mj-text>x</mj-text>", "<mj-preview>hidden</mj-preview>")


def test_mrml_writes_a_height_that_html_does_not_know() -> None:
    html = mrml('<mj-image src="a.png" alt="" />')
    assert 'height="auto"' in html
    assert 'height="auto"' not in inline_css(html, "")


def test_mrml_writes_an_attribute_that_html_does_not_know() -> None:
    html = mrml('<mj-text vertical-align="top">x</mj-text>')
    assert '<td align="left" vertical-align="top"' in html
    assert "vertical-align=" not in inline_css(html, "")


def test_mrml_dies_of_deep_nesting() -> None:
    script = (
        "from mjml import mjml2html\n"
        "deep = '<i>' * 100_000 + '</i>' * 100_000\n"
        "mjml2html('<mjml><mj-body><mj-section><mj-column><mj-text>' + deep + "
        "'</mj-text></mj-column></mj-section></mj-body></mjml>', fonts={})\n"
    )
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False)
    assert ended.returncode < 0


def test_premailer_drops_a_doctype_in_small_letters() -> None:
    html = "<!doctype html><html><head></head><body><p>x</p></body></html>"
    assert "doctype" not in premailed(html).lower()
    assert inline_css(html, "").startswith("<!DOCTYPE html>\n<html>")


def test_premailer_takes_important_out_of_dark_mode_by_default() -> None:
    style = "<style>@media (prefers-color-scheme: dark) { p { color: red !important } }</style>"
    html = f"<!DOCTYPE html><html><head>{style}</head><body><p>x</p></body></html>"
    assert inspect.signature(Premailer).parameters["strip_important"].default is True
    assert style not in premailed(html)
    assert style in inline_css(html, "")


def test_premailer_drops_the_rules_that_it_does_not_know() -> None:
    style = "<style>@supports (display: grid) { p { color: red } }</style>"
    html = f"<!DOCTYPE html><html><head>{style}</head><body><p>x</p></body></html>"
    assert "@supports" not in premailed(html)
    assert style in inline_css(html, "")


def test_premailer_makes_a_picture_as_wide_as_its_style() -> None:
    html = '<!DOCTYPE html><html><body><img width="552" src="a.png" alt=""></body></html>'
    assert 'width="100%"' in premailed(html, css_text="img { width: 100% }")
    assert 'width="552"' in inline_css(html, "img { width: 100% }")


def test_libxml2_writes_whole_comments_into_attributes() -> None:
    alt = "&lt;!--[if mso]&gt;&lt;table&gt;&lt;![endif]--&gt;"
    html = f'<!DOCTYPE html><html><body><img src="a.png" alt="{alt}"></body></html>'
    assert "<!--[if mso]>" in premailed(html)
    assert f'alt="{alt}"' in inline_css(html, "")


def test_cssutils_writes_font_names_in_double_quotes() -> None:
    html = "<!DOCTYPE html><html><body><p>x</p></body></html>"
    css = "p { font-family: 'Times New Roman', serif }"
    assert "'font-family:\"Times New Roman\", serif'" in premailed(html, css_text=css)
    assert "\"font-family:'Times New Roman', serif\"" in inline_css(html, css)


def test_every_tag_of_the_table_is_one_that_mrml_renders() -> None:
    children = {
        "mj-accordion-element": "mj-accordion", "mj-carousel-image": "mj-carousel",
        "mj-navbar-link": "mj-navbar", "mj-social-element": "mj-social",
    }  # fmt: skip
    for tag in sorted(TAGS):
        if tag in {"mj-text", "mj-image", "mj-button", "mj-divider", "mj-spacer", "mj-table"}:
            assert f"<{tag}" not in mrml(f"<{tag}></{tag}>")
        elif tag in children:
            assert f"<{tag}" not in mrml(f"<{children[tag]}><{tag}></{tag}></{children[tag]}>")


def test_premailer_takes_what_it_kept_of_one_function_for_the_answer_of_another() -> None:
    # Its functions share a cache of 128 answers, by their arguments alone.
    html = '<!DOCTYPE html><html><body><p style="p">x</p></body></html>'
    with pytest.raises(TypeError, match="CSSSelector"):
        premailed(html, css_text="p { color: red }")
    assert '<p style="color:red">' in inline_css(html, "p { color: red }")


def test_premailer_reads_a_theme_and_looks_for_its_selectors_again_for_each_mail() -> None:
    # What `premailed.py` answers in its stead. Where a name is gone, so is what it sped up.
    asked = Premailer.transform.__code__.co_names
    assert {"_create_cssselector", "csstext_to_pairs", "merge_styles"} <= set(asked)
    assert {"_process_css_text", "_style_to_basic_html_attributes"} <= set(asked)
    assert Premailer.transform.__closure__ is None


def test_premailer_counts_no_attribute_in_a_selectors_weight() -> None:
    html = '<!DOCTYPE html><html><body><p class="a" dir="rtl">x</p></body></html>'
    css = ".a { color: red } [dir=rtl] { color: blue }"
    assert "color:red" in premailed(html, css_text=css)
    assert 'style="color:blue"' in inline_css(html, css)
