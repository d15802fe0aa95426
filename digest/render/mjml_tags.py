"""MJML's tags and their attributes: what a template may write.

mrml 6.0.1 ignores a tag or an attribute that it does not know, so that a slip of the pen changes
the mail in silence; the table lets it be refused. It holds the components of MJML 4 and 5 that
mrml renders, after https://documentation.mjml.io; left out is what mrml leaves out (mj-include,
mj-html-attributes, `gap` of mj-wrapper, `id` of mj-body).
"""

from __future__ import annotations

_BORDER = "border border-bottom border-left border-right border-top border-radius"
_PADDING = "padding padding-top padding-right padding-bottom padding-left"
_FONT = "color font-family font-size font-style font-weight letter-spacing line-height"
_BACKGROUND = (
    "background-color background-url background-repeat background-size background-position "
    "background-position-x background-position-y"
)
_CONTAINER = "container-background-color css-class mj-class"

_ATTRIBUTES = {
    "mjml": "lang dir owa",
    "mj-head": "",
    "mj-attributes": "",
    "mj-breakpoint": "width",
    "mj-font": "name href",
    "mj-preview": "",
    "mj-style": "inline",
    "mj-title": "",
    "mj-raw": "position",
    "mj-body": "background-color css-class mj-class width",
    "mj-wrapper": f"{_BACKGROUND} {_BORDER} {_PADDING} css-class mj-class direction full-width "
    "text-align",
    "mj-section": f"{_BACKGROUND} {_BORDER} {_PADDING} css-class mj-class direction full-width "
    "text-align text-padding",
    "mj-group": "background-color css-class mj-class direction vertical-align width",
    "mj-column": f"background-color {_BORDER} {_PADDING} css-class mj-class direction "
    "inner-background-color inner-border inner-border-bottom inner-border-left "
    "inner-border-right inner-border-top inner-border-radius vertical-align width",
    "mj-text": f"align {_FONT} {_PADDING} {_CONTAINER} height text-decoration text-transform "
    "vertical-align",
    "mj-image": f"align alt {_BORDER} {_PADDING} {_CONTAINER} fluid-on-mobile font-size height "
    "href max-height name rel sizes src srcset target title usemap width",
    "mj-button": f"align background-color {_BORDER} {_FONT} {_PADDING} {_CONTAINER} height href "
    "inner-padding name rel target text-align text-decoration text-transform title "
    "vertical-align width",
    "mj-divider": f"align border-color border-style border-width {_PADDING} {_CONTAINER} width",
    "mj-spacer": f"height {_PADDING} {_CONTAINER}",
    "mj-table": f"align border cellpadding cellspacing {_FONT} {_PADDING} {_CONTAINER} role "
    "table-layout vertical-align width",
    "mj-hero": f"{_BACKGROUND} {_PADDING} background-height background-width border-radius "
    "css-class mj-class height inner-background-color inner-padding mode vertical-align width",
    "mj-social": f"align border-radius {_FONT} {_PADDING} {_CONTAINER} icon-height icon-padding "
    "icon-size inner-padding mode table-layout text-decoration text-padding",
    "mj-social-element": f"align alt background-color border-radius {_FONT} {_PADDING} css-class "
    "mj-class href icon-height icon-padding icon-position icon-size name rel src sizes srcset "
    "target text-decoration text-padding title vertical-align",
    "mj-navbar": f"align base-url hamburger {_PADDING} {_CONTAINER} ico-align ico-close ico-color "
    "ico-font-family ico-font-size ico-line-height ico-open ico-padding ico-padding-bottom "
    "ico-padding-left ico-padding-right ico-padding-top ico-text-decoration ico-text-transform",
    "mj-navbar-link": f"{_FONT} {_PADDING} css-class mj-class href name rel target "
    "text-decoration text-transform",
    "mj-accordion": f"border {_PADDING} {_CONTAINER} font-family icon-align icon-height "
    "icon-position icon-unwrapped-alt icon-unwrapped-url icon-width icon-wrapped-alt "
    "icon-wrapped-url",
    "mj-accordion-element": "background-color border css-class mj-class font-family icon-align "
    "icon-height icon-position icon-unwrapped-alt icon-unwrapped-url icon-width "
    "icon-wrapped-alt icon-wrapped-url",
    "mj-accordion-title": f"background-color {_FONT} {_PADDING} css-class mj-class",
    "mj-accordion-text": f"background-color {_FONT} {_PADDING} css-class mj-class",
    "mj-carousel": f"align border-radius {_PADDING} {_CONTAINER} icon-width left-icon right-icon "
    "tb-border tb-border-radius tb-hover-border-color tb-selected-border-color tb-width "
    "thumbnails",
    "mj-carousel-image": "alt border-radius css-class mj-class href rel src target "
    "tb-border tb-border-radius thumbnails-src title",
}

TAGS: dict[str, frozenset[str]] = {
    tag: frozenset(words.split()) for tag, words in _ATTRIBUTES.items()
}
"""Each tag with the attributes it knows."""

ANY_ATTRIBUTE = frozenset().union(*TAGS.values())
"""What mj-all and mj-class may set."""

_CONTENT = (
    "mj-text mj-image mj-button mj-divider mj-spacer mj-table mj-social mj-navbar mj-accordion "
    "mj-carousel"
)
PARENTS: dict[str, frozenset[str]] = {
    **dict.fromkeys(_CONTENT.split(), frozenset({"mj-column", "mj-hero"})),
    "mj-column": frozenset({"mj-section", "mj-group"}),
    "mj-group": frozenset({"mj-section"}),
    "mj-section": frozenset({"mj-body", "mj-wrapper"}),
    "mj-wrapper": frozenset({"mj-body"}),
    "mj-hero": frozenset({"mj-body", "mj-wrapper"}),
    "mj-body": frozenset({"mjml"}),
    "mj-head": frozenset({"mjml"}),
}
"""Where a tag may stand: elsewhere mrml writes it without the cells and padding of its own."""

RAW_CONTENT = frozenset({"mj-style", "mj-title", "mj-preview"})
"""Tags whose content is text, not tags."""

_VOID = "area base br col embed hr img input link meta source track wbr"
VOID = frozenset(_VOID.split())
"""HTML's tags without an end tag."""
