"""The words of a link: whoever hears or skims only the links must learn where they lead."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from digest.check.material import Material
from digest.check.page import Element
from digest.check.words import shown, squeezed
from digest.models import Finding

_GENERIC = {
    "en": "click here|click|here|read more|more|link|this link|this|continue|continue reading"
    "|learn more|see more|find out more|details|more details|full story|read|read on|go|website",
    "es": "haz clic aquí|haga clic aquí|clic aquí|pincha aquí|aquí|leer más|lee más|más|ver más"
    "|enlace|este enlace|más información|seguir leyendo|continuar leyendo|saber más|leer",
    "fr": "cliquez ici|ici|lire la suite|lire plus|en savoir plus|plus|voir plus|lien|ce lien"
    "|suite|la suite|lire",
    "de": "hier klicken|klicken sie hier|klick hier|hier|weiterlesen|mehr lesen|mehr|mehr erfahren"
    "|weiter|link|dieser link|mehr dazu|lesen|zum artikel|details",
    "pt": "clique aqui|aqui|leia mais|ler mais|mais|saiba mais|ver mais|veja mais|link|este link"
    "|continue lendo|continuar a ler",
    "it": "clicca qui|qui|leggi tutto|leggi di più|leggi|continua|continua a leggere|di più"
    "|altro|link|questo link|scopri di più|vai",
    "ar": "اضغط هنا|انقر هنا|هنا|اقرأ المزيد|المزيد|للمزيد|رابط|الرابط|تابع القراءة|اقرأ",
    "ja": "こちら|こちらをクリック|ここをクリック|ここ|続きを読む|続き|もっと見る|もっと読む|詳細"
    "|詳しくはこちら|詳しく|リンク|クリック",
}


def _bare(words: str) -> str:
    """Letters and digits alone, whatever their case: “Read more »” is “readmore”."""
    return "".join(c for c in squeezed(words).casefold() if c.isalnum())


_BARE = frozenset(_bare(words) for line in _GENERIC.values() for words in line.split("|"))


def check(material: Material) -> tuple[Finding, ...]:
    """A warning for each link whose words say nothing, or that has none; one of a kind a story."""
    return tuple(dict.fromkeys(_findings(material)))


def _findings(material: Material) -> Iterator[Finding]:
    for link, inside in material.html.links():
        href = link.get("href")
        if not href or link.hidden or link.get("aria-hidden") == "true":
            continue
        words = material.html.words[link.start : link.end]
        named = words or (link.get("aria-label") or "").strip()
        where = material.in_html(link)
        if not named and not _pictures_speak(link, inside):
            yield _finding(
                where,
                f"A link has no words: {shown(href, 100)}",
                "Readers cannot see it, and screen readers spell its address.",
            )
        elif _bare((link.get("aria-label") or "").strip() or words) in _BARE:
            yield _finding(
                where,
                f"A link says only “{shown(_told(material, link))}”.",
                "Screen readers list links without what stands around them, and a skimming eye "
                "reads them so too.",
            )


def _pictures_speak(link: Element, inside: Sequence[Element]) -> bool:
    """Whether a picture names the link, or is told among the pictures for its missing words."""
    if link.tag == "area":
        return bool((link.get("alt") or "").strip())
    return any(
        element.tag == "img"
        and ((element.get("alt") or "").strip() or element.get("role") != "presentation")
        for element in inside
    )


def _told(material: Material, link: Element) -> str:
    """The link's words as they are written, spaces and all."""
    runs = [run for at, run in material.html.texts if link.start <= at < link.end]
    return " ".join(runs) or link.get("aria-label") or ""


def _finding(where: str, what: str, why: str) -> Finding:
    return Finding(
        check="links",
        level="warning",
        where=where,
        what=what,
        why=why,
        mend="Let the link say what it leads to: the headline, or the source's name.",
    )
