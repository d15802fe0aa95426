"""What mail clients would not show as it was meant, judged by the data of caniemail.com."""

from __future__ import annotations

from collections.abc import Mapping

from digest.check.baseline import reasons
from digest.check.client_data import URL, Feature, known
from digest.check.features import Use, used
from digest.check.material import Material
from digest.check.words import shown
from digest.models import Finding

_WORD = ("Outlook", "Windows")


def check(material: Material) -> tuple[Finding, ...]:
    """One warning for each feature of email.html that some client lacks and nothing excuses."""
    features = known().features
    uses: dict[str, list[Use]] = {}
    for use in used(material.html):
        if use.slug in features:
            uses.setdefault(use.slug, []).append(use)
    vml = any(name in material.renderings.email_html for name in ("<v:fill", "<v:background"))
    found = (_judged(material, features[slug], own, vml=vml) for slug, own in uses.items())
    return tuple(finding for finding in found if finding)


def _judged(material: Material, feature: Feature, uses: list[Use], *, vml: bool) -> Finding | None:
    # Word shows VML, which MJML writes, where others show a background picture.
    replaced = vml and feature.slug.startswith(("css-background-", "html-background"))
    word = not replaced and any(use.word for use in uses)
    lacking: dict[str, Mapping[str, str]] = {}
    for client, platforms in feature.support.items():
        own = {name: verdict for name, verdict in platforms.items()
               if word or (client, name) != _WORD}  # fmt: skip
        if own and not any(reasons(feature.slug, client)):
            lacking[client] = own
    if not lacking:
        return None
    first = uses[0]
    times = f"{len(uses)} times, first as" if len(uses) > 1 else "as"
    not_at_all = _named(lacking, "n")
    in_part = _named(lacking, "a")
    why = [f"No support: {not_at_all}."] if not_at_all else []
    why += [f"In part: {in_part}."] if in_part else []
    if not not_at_all:
        why += feature.notes[:2]
    return Finding(
        check="support",
        level="warning",
        where=material.in_html(first.element) if first.element else "email.html",
        what=shown(f"Not all clients support {feature.title}, used {times} “{first.said}”"
                   f"{'' if first.element else ' in <head>'}.", 200),
        why=" ".join(why),
        clients=tuple(lacking),
        mend=f"Let the theme do without it; what is known: {URL.format(feature.slug)}",
    )  # fmt: skip


def _named(lacking: Mapping[str, Mapping[str, str]], verdict: str) -> str:
    """“Gmail, Outlook (Windows, iOS)”: a client alone where all its platforms are meant."""
    named = []
    for client, platforms in lacking.items():
        meant = sorted(name for name, said in platforms.items() if said == verdict)
        if meant:
            whole = tuple(meant) == known().platforms[client]
            named.append(client if whole else f"{client} ({', '.join(meant)})")
    return ", ".join(named)
