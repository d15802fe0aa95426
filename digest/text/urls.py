"""URLs: which spellings name one page, which links are safe to print, and what a reader sees.

A URL is identity, so `canonical` drops only what is known to be noise (the scheme, `www.`, marks
of campaigns, AMP's detours) and keeps every other parameter and fragment: `?v=`, `?story=` and
`#episode-16` tell pages apart. The address to follow is never rewritten.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from urllib.parse import unquote, urljoin, urlsplit

MAX_URL = 8192
"""Characters; longer links are not printed."""

# Parameters that mark where a reader came from, and never what is read. Lower case.
_TRACKING = re.compile(
    # campaigns: Google and imitators, Matomo, HubSpot, AT Internet, Comscore, Webtrekk, Omeda
    r"(?:utm|mtm|stm)_\w+|(?:pk|piwik|matomo)_(?:campaign|kwd|keyword|source|medium|content|cid)"
    r"|hsa_(?:acc|cam|grp|ad|src|tgt|kw|mt|net|ver)|sc_(?:campaign|channel|src|lid|uid|llid)"
    r"|at_(?:medium|campaign|campaign_type|custom\d|link_\w+|format|ptr_name|bbc_team)"
    r"|ns_(?:mchannel|source|campaign|linkname|fee)|wt[._]z?mc|oly_(?:enc|anon)_id"
    # clicks on advertisements and in social networks
    r"|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|gad_(?:source|campaignid)|msclkid|ysclid|yclid"
    r"|twclid|ttclid|rdt_cid|scclid|sccid|igshid|igsh|igid|li_fat_id|epik|irclickid|irgwc|srsltid"
    r"|fb_(?:action_ids|action_types|ref|source)|__twitter_impression|s_kwcid|wickedid|_openstat"
    # clicks in newsletters
    r"|mc_[ce]id|mkt_tok|_hs(?:enc|mi)|__hs(?:sc|tc|fp)|hsctatracking|vero_(?:id|conv)|__s|_k[ex]"
    r"|_bta_(?:tid|c)|trk_(?:contact|msg|module|sid)|bsft_[ceu]\w*id|ml_subscriber(?:_hash)?"
    r"|vgo_ee|nr_email_referer|rb_clickid|dm_i|ck_subscriber_id|_g[al]"
)
# Publishers' and platforms' own marks. A bare number in one of them may be what is read.
_MARKS = re.compile(
    r"ref|ref_(?:src|url)|referr?er|guccounter|guce_referrer(?:_sig)?|cmpid|icid|ncid|ocid|xtor"
    r"|ftag|smid|smtyp|sr_share|echobox|s_cid|mbid|spm|scm"
)
_AMP = frozenset({"amp", "_amp", "amp_js_v", "amp_gsa", "usqp"})
# `?source=rss` marks the feed that led here; `?source=ap` may be what is read.
_FROM = frozenset({"source", "src", "from", "via", "partner", "emc", "origin", "medium"})
_FEED_VALUE = re.compile(r"(?:rss\d*|atom|feeds?)(?:[-_].*)?")
_FRAGMENT_NOISE = re.compile(
    r"|comments?|respond|reply|commentform|comment-form|disqus_thread|top|content|main|main-content"
    r"|maincontent|share|_=_|rss|more-\d+"
    r"|(?:utm_\w*|xtor|ref|echobox|intcid|ftag|fbclid|at_\w*|ns_\w*|mtm_\w*|pk_\w*)=.*"
)
_INDEX_PAGE = re.compile(r"(?:index\.(?:html?|xhtml|shtml|php\d?|aspx?|jsp|cgi)|default\.aspx?)")
_SESSION = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/;]*", re.IGNORECASE)
_AMP_VIEWER = re.compile(
    r"(?:(?:www\.)?google\.[a-z.]{2,6}/amp/(?:s/)?|[^/]+\.cdn\.ampproject\.org/[cv]/(?:s/)?)"
    r"(?=[^/]+\.[^/]+/)"
)

# RFC 1035, 2.3.4; punycode is no shorter in letters than what it stands for. Writing 8,000 letters
# in punycode takes half a second.
_LONGEST_HOST = 255
_LONGEST_LABEL = 63
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
# What may stand in a path, query or fragment (RFC 3986), `%` and brackets of old queries included.
_PRINTABLE = frozenset(_UNRESERVED | set("!$&'()*+,;=:@/?%[]|"))
_MAILTO = re.compile(r"[^@\s%?&<>\"(),:;\\\[\]]{1,64}@[^@\s%?&<>\"(),:;\\\[\]]{1,255}")


@lru_cache(maxsize=16384)
def canonical(url: str) -> str:
    """The key under which all spellings of one page's URL meet; never an address to follow.

    What is no http(s) URL comes back trimmed, and otherwise as it is.
    """
    text = _CONTROL.sub("", url).strip()
    parts = _split(text)
    if parts is None:
        return text
    netloc, path, query, fragment = parts
    unwrapped = _AMP_VIEWER.match(f"{_host_of(netloc)}{path}")
    if unwrapped:
        rest = f"{_host_of(netloc)}{path}"[unwrapped.end() :]
        netloc, _, path = rest.partition("/")
    name = _site(_host_of(netloc)) + _port_of(netloc)
    key = f"{name}{_plain_path(path)}"
    kept = _kept(query)
    if kept:
        key += "?" + "&".join(sorted(kept, key=lambda pair: pair.partition("=")[0]))
    meant = _plain_fragment(fragment)
    return f"https://{key}#{meant}" if meant else f"https://{key}"


def host(url: str) -> str:
    """The site's name as a reader knows it: lower case, without `www.`, `m.` and the port.

    A host in another script stays as it is written. "" where there is none.
    """
    parts = _split(_CONTROL.sub("", url).strip())
    if parts is None:
        return ""
    return _without_mirror(_raw_host(parts[0]).lower())


def safe_link(url: str, base: str = "") -> str | None:
    """An absolute http, https or mailto URL that may stand in a page or a mail, or None.

    Resolves `url` against `base`. Control characters go, as in browsers; so do user and password,
    and a backslash is a slash; what is not ASCII is percent-encoded, a host in punycode.
    """
    text = _CONTROL.sub("", url).strip()
    if not text or len(text) > MAX_URL:
        return None
    if text.lower().startswith("mailto:"):
        return _safe_mailto(text)
    if not _SCHEME.match(text):
        text = _forward(text)
        try:
            text = urljoin(_forward(_CONTROL.sub("", base).strip()), text)
        except ValueError:
            return None
        if text.startswith("//"):
            text = "https:" + text
    parts = _split(text)
    if parts is None:
        return None
    netloc, path, query, fragment = parts
    name = _ascii_host(_raw_host(netloc))
    if not name:
        return None
    scheme = "http" if text[:5].lower() == "http:" else "https"
    link = f"{scheme}://{name}{_port_of(netloc, scheme)}{_encoded(path) or '/'}"
    if query:
        link += "?" + _encoded(query)
    if fragment:
        link += "#" + _encoded(fragment)
    return link if len(link) <= MAX_URL else None


def without_tracking(url: str) -> str:
    """`url` without `utm_` parameters and click ids, and else letter for letter as it is."""
    head, hash_sign, fragment = url.partition("#")
    before, mark, query = head.partition("?")
    if not mark:
        return url
    pairs = query.split("&")
    kept = [pair for pair in pairs if not _is_tracking(_name(pair))]
    if len(kept) == len(pairs):
        return url
    return before + ("?" + "&".join(kept) if kept else "") + hash_sign + fragment


def _split(text: str) -> tuple[str, str, str, str] | None:
    """Network location, path, query and fragment of an http(s) URL; None for anything else."""
    if not re.match(r"(?i)https?:[/\\]{2}", text):
        return None
    try:
        parts = urlsplit(_forward(text))
        _ = parts.port
    except ValueError:
        return None
    if not parts.hostname or len(parts.hostname) > _LONGEST_HOST:
        return None
    return parts.netloc, parts.path, parts.query, parts.fragment


def _forward(text: str) -> str:
    """Backslashes before the query turned, as browsers do."""
    end = min((i for i in (text.find("?"), text.find("#")) if i >= 0), default=len(text))
    return text[:end].replace("\\", "/") + text[end:]


def _raw_host(netloc: str) -> str:
    raw = netloc.rpartition("@")[2]
    if raw.startswith("["):
        return raw.partition("]")[0].lower() + "]"
    return unquote(raw.partition(":")[0]).rstrip(".")


def _host_of(netloc: str) -> str:
    """The host in lower case and its own script, so that punycode and script meet."""
    labels = unicodedata.normalize("NFKC", _raw_host(netloc)).lower().split(".")
    return ".".join(_own_script(label) for label in labels)


def _own_script(label: str) -> str:
    if not label.startswith("xn--") or len(label) > _LONGEST_LABEL:
        return label
    try:
        return label[4:].encode("ascii").decode("punycode")
    except (UnicodeError, OverflowError):
        return label


def _ascii_host(raw: str) -> str:
    """The host for a link: lower case, punycode. "" for one that no host can be."""
    if len(raw) > _LONGEST_HOST:
        return ""
    if raw.startswith("["):
        return raw if re.fullmatch(r"\[[0-9a-f:.]+\]", raw) else ""
    labels = []
    for label in unicodedata.normalize("NFKC", raw).lower().split("."):
        if len(label) > _LONGEST_LABEL:
            return ""
        try:
            plain = label if label.isascii() else "xn--" + label.encode("punycode").decode()
        except UnicodeError:
            return ""
        labels.append(plain)
    name = ".".join(labels)
    return name if re.fullmatch(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*", name) else ""


def _port_of(netloc: str, scheme: str = "") -> str:
    """`:8080`; "" for a default port: that of `scheme`, or of either where none is named."""
    tail = netloc.rpartition("@")[2].rpartition("]")[2].partition(":")[2]
    default = {"http": {80}, "https": {443}}.get(scheme, {80, 443})
    return f":{int(tail)}" if tail and int(tail) not in default else ""


def _site(name: str) -> str:
    """The host without the labels that only name a mirror of one site."""
    return _without_mirror(name).removeprefix("www.")


def _without_mirror(name: str) -> str:
    labels = name.split(".")
    while len(labels) > 2 and re.fullmatch(r"www\d?|m|mobile|amp", labels[0]):
        labels = labels[1:]
    if len(labels) > 3 and labels[1] == "m":  # en.m.wikipedia.org
        del labels[1]
    return ".".join(labels)


def _normal(text: str) -> str:
    """Percent escapes written in one way (RFC 3986, 6.2.2): unreserved letters bare."""

    def one(hit: re.Match[str]) -> str:
        letter = chr(int(hit[1], 16))
        return letter if letter in _UNRESERVED else hit[0].upper()

    return _ESCAPE.sub(one, _encoded(text))


def _encoded(text: str) -> str:
    """What may not stand in a URL percent-encoded; escapes that are there stay."""
    if all(letter in _PRINTABLE for letter in text):
        return text
    return "".join(
        letter
        if letter in _PRINTABLE
        else "".join(f"%{byte:02X}" for byte in letter.encode("utf-8", "replace"))
        for letter in text
    )


def _plain_path(path: str) -> str:
    """The path without session ids, dot segments, doubled slashes, index pages and AMP."""
    steps: list[str] = []
    for step in _normal(_SESSION.sub("", path)).split("/"):
        if step == "..":
            del steps[-1:]
        elif step not in {"", "."}:
            steps.append(step)
    while steps and (steps[-1] == "amp" or _INDEX_PAGE.fullmatch(steps[-1].lower())):
        del steps[-1]
    if len(steps) > 1 and steps[0] == "amp":
        del steps[0]
    if steps:
        steps[-1] = re.sub(r"\.amp(?=\.html?$|$)", "", steps[-1])
    return "".join(f"/{step}" for step in steps)


def _name(pair: str) -> str:
    """A parameter's name; `&amp;` left from markup is an ampersand."""
    return unquote(pair.partition("=")[0]).lower().removeprefix("amp;")


def _is_tracking(name: str) -> bool:
    return _TRACKING.fullmatch(name) is not None


def _is_noise(pair: str) -> bool:
    name = _name(pair)
    value = unquote(pair.partition("=")[2]).lower()
    if _is_tracking(name):
        # No campaign's name holds a bare slash: something was appended to the address, and may be
        # what is read.
        return "/" not in pair
    if name in _AMP or (name, value) == ("outputtype", "amp"):
        return True
    if _MARKS.fullmatch(name):
        return not value.isdecimal() and "/" not in pair
    return name in _FROM and _FEED_VALUE.fullmatch(value) is not None


def _kept(query: str) -> list[str]:
    return [
        _normal(pair.removeprefix("amp;").replace("+", "%20"))
        for pair in query.split("&")
        if pair and not _is_noise(pair)
    ]


def _plain_fragment(fragment: str) -> str:
    """What of a fragment tells pages apart: `episode-16`, `!/a`; not `comments`.

    Other programs append their parameters, and a second fragment, to it.
    """
    meant = []
    for piece in fragment.split("#"):
        before, _, query = piece.partition(":~:")[0].partition("?")
        bare = _normal(before).rstrip("/").removesuffix("/amp")
        kept = _kept(query)
        if kept or not _FRAGMENT_NOISE.fullmatch(unquote(bare).lower()):
            meant.append(bare + ("?" + "&".join(kept) if kept else ""))
    return "#".join(meant)


def _safe_mailto(text: str) -> str | None:
    address, _, query = text[len("mailto:") :].partition("?")
    if not _MAILTO.fullmatch(unquote(address)) or re.search(r"(?i)%0[ad0]", query):
        return None
    return "mailto:" + _encoded(address) + ("?" + _encoded(query) if query else "")
