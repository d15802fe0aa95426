"""The editor's desk: drafts are edited and approved in the browser.

What is decided goes into edits.toml and nowhere else; the issue is then made again at once, so
that the page that is shown next has the result beside the forms.
"""

from __future__ import annotations

import difflib
import re
import shlex
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from digest import pipeline, site
from digest.archive import edited_since_build, edits_text, read_edits
from digest.errors import DigestError, UsageError
from digest.models import Failure, Issue
from digest.pipeline import MachineWords, Remade, Stayed, ended_approval
from digest.review import guard
from digest.review.answers import html_answer
from digest.review.decisions import Asked, Done, decide
from digest.review.forms import form_page, seen_hash, typed
from digest.review.history import History, Said, Step
from digest.review.rules import House, Review, Rule

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask.wrappers import Response

_MARK = '<span id="here" style="scroll-margin-top:3rem"></span>'
_FILE = re.compile(r"^\S*edits\.toml as it would become(, line \d+)?: ")
"""Where an error lies in a file that the person at the page does not write."""
_APPROVED_BEFORE = "It was approved before, so look at it again, then approve it."


def desk_rules(review: Review) -> list[Rule]:
    """The URL and the view of each page of the desk; none without a house around the archive."""
    if review.house is None:
        return []
    views = _Views(review, review.house)
    return [
        Rule("/issues/<slug>/edit", views.desk),
        Rule("/issues/<slug>/edit", views.change, ("POST",)),
        Rule("/issues/<slug>/approve", views.approve, ("POST",)),
        Rule("/issues/<slug>/preview.html", views.preview),
    ]


class _Views:
    """What each URL shows and does."""

    def __init__(self, review: Review, house: House) -> None:
        self.review = review
        self.house = house
        self.archive = review.archive
        self.history = History()
        self.said: Said[site.Told] = Said()

    def desk(self, slug: str) -> Response:
        from flask import request

        self.review.known(slug)
        return self._page(
            slug,
            told=self.said.get(request.args.get("told", "")),
            find=request.args.get("find", "")[:200].strip(),
            number=request.args.get("page", 1, type=int),
            story=request.args.get("story", ""),
            at=request.args.get("at", "") or request.args.get("story", ""),
        )

    def preview(self, slug: str) -> Response:
        """The email for the frame beside the forms; with `at`, the story of that id has a mark."""
        from flask import request

        self.review.known(slug)
        html = self.archive.read(slug, "email.html").decode("utf-8", errors="replace")
        key = request.args.get("at", "")
        story = next((s for s in self._issue(slug).stories if s.entry.id == key), None)
        if story:
            # As a text of its own: the hidden preview of an inbox may hold the headline, too.
            words = r"\s+".join(re.escape(escape(word, quote=False))
                                for word in story.headline.split())  # fmt: skip
            html = re.sub(rf">(?=\s*{words}\s*<)", f">{_MARK}", html, count=1)
        policy = guard.mail_policy(remote_pictures=False)
        return html_answer(guard.for_frame(html), policy)

    def change(self, slug: str) -> Response:
        """Keep what a form asks for, make the issue again, and go back to where it was asked."""
        asked = self._asked(slug)
        if isinstance(asked, tuple):
            return self._conflict(slug, *asked)
        try:
            if asked.form == "again":
                done = Done("", asked.seen, asked.seen)
            elif asked.form == "last":
                done = self._undo_last(asked)
            else:
                done = decide(asked)
                if done.before != done.after:
                    self.history.add(slug, Step(done.before, done.after, done.said))
        except DigestError as error:
            return self._refused(asked, error)
        return self._back(asked, done)

    def approve(self, slug: str) -> Response:
        asked = self._asked(slug)
        if isinstance(asked, tuple):
            return self._conflict(slug, *asked, can_apply=False)
        try:
            findings, edited = pipeline.approve(self.archive, slug, save=True, seen=asked.seen)
        except DigestError as error:
            return self._refused(asked, error)
        self.history.add(slug, Step(edited.before, edited.after, "The issue is approved."))
        warned = f" Its checks have {len(findings)} warnings." if findings else ""
        return self._back(
            asked, Done(f"The issue is approved.{warned}", edited.before, edited.after)
        )

    def _asked(self, slug: str) -> Asked | tuple[Mapping[str, str], str]:
        """The form, and edits.toml, which it was made from; else what was typed, and that file."""
        self.review.known(slug)
        fields = typed()
        text = edits_text(self.archive.folder, slug)
        if fields.get("seen") != seen_hash(text) and self.archive.row(slug).status != "sent":
            return fields, text
        return Asked.of(self.archive, slug, fields, text)

    def _undo_last(self, asked: Asked) -> Done:
        step = self.history.last(asked.slug, asked.seen)
        if step is None:
            raise UsageError("There is no change of this run of the server to be undone.")
        edited = pipeline.put_back(self.archive, asked.slug, step.before, seen=asked.seen)
        self.history.drop_last(asked.slug, step)
        return Done(f"Undone: {step.said}", edited.before, edited.after)

    def _back(self, asked: Asked, done: Done) -> Response:
        from flask import make_response, redirect

        slug = asked.slug
        before = [story.entry.id for story in self._issue(slug).stories]
        told = self._made(slug, done) if done.before != done.after or asked.form == "again" else (
            site.Told(what=done.said or "Nothing was changed.")
        )  # fmt: skip
        query = {name: asked.typed[name] for name in ("find", "page") if asked.typed.get(name)}
        query["told"] = self.said.keep(told)
        at = ""
        if done.id:
            there = {story.entry.id for story in self._issue(slug).stories}
            # Where a story left, the page goes on at the one that stood behind it.
            behind = before[before.index(done.id) :] if done.id in before else [done.id]
            if shown := next((key for key in behind if key in there), ""):
                query["at"] = shown
                at = f"#{site.anchor(shown)}"
        return make_response(redirect(f"/issues/{quote(slug)}/edit?{urlencode(query)}{at}", 303))

    def _made(self, slug: str, done: Done) -> site.Told:
        """Make the issue again, and say what came of it."""
        said = f"{done.said} {_APPROVED_BEFORE if done.unapproved else ''}".strip()
        command = f"digest build --again --issue {slug}"
        if self.house.remake is None:
            kept = f"{said} It is kept in edits.toml."
            return site.Told(what=kept, hint=f"To see it in the email, type: {command}")
        found = self.house.remake(slug)
        if isinstance(found, Remade):
            # That the approval ended is said by now where an edit ended it.
            known = {ended_approval(slug)} if done.unapproved else set()
            notes = tuple(note for note in found.notes if note not in known)
            troubles = tuple(f"{f.where}: {f.what} {f.hint}".strip() for f in found.failures)
            return site.Told(
                what=said or "The issue is made again.",
                notes=(*notes, *troubles),
                is_trouble=bool(troubles),
            )
        why, hint = (
            (found.why, f"To make it: {command}")
            if isinstance(found, Stayed)
            else (found.what, found.hint)
        )
        return site.Told(
            what=f"{said} It is kept in edits.toml, and the email is still the one from before: "
            f"{why}".strip(),
            hint=hint,
            is_trouble=True,
        )

    def _refused(self, asked: Asked, error: DigestError) -> Response:
        """The page again, with what was typed; somebody else's change has a page of its own."""
        now = edits_text(self.archive.folder, asked.slug)
        if now != asked.seen:
            return self._conflict(asked.slug, asked.typed, now)
        what = _FILE.sub("", error.what)
        what = what[:1].upper() + what[1:]
        refused = site.Refused(
            form=asked.form, id=asked.id, typed=asked.typed, what=what, hint=error.hint
        )
        in_form = asked.form in {"story", "whole", "add", "notice"}
        told = site.Told(
            what="This was not kept; the form says why." if in_form else what,
            hint="" if in_form else error.hint,
            is_trouble=True,
        )
        if self.archive.row(asked.slug).status == "sent":
            told = site.Told(what=what, hint=error.hint, is_trouble=True)
        return self._page(asked.slug, status=422, told=told, refused=refused)

    def _conflict(
        self, slug: str, fields: Mapping[str, str], now: str, *, can_apply: bool = True
    ) -> Response:
        before = self.history.text_of(slug, fields.get("seen", ""))
        lines = now.splitlines()
        if before is not None:
            lines = list(difflib.unified_diff(before.splitlines(), lines, n=2, lineterm=""))[2:]
        html = site.conflict_page(
            self.archive.row(slug),
            around=self.review.around(slug, ""),
            differences=lines,
            known=before is not None,
            typed=fields,
            title=self._title(slug, Asked.of(self.archive, slug, fields, now).id),
            token=self.review.forms.token,
            seen=self.history.saw(slug, now),
            can_apply=can_apply and not _is_of_its_moment(fields),
        )
        return form_page(html, 409)

    def _page(
        self,
        slug: str,
        *,
        status: int = 200,
        told: site.Told | None = None,
        refused: site.Refused | None = None,
        find: str = "",
        number: int = 1,
        story: str = "",
        at: str = "",
    ) -> Response:
        folder = self.archive.folder
        text = edits_text(folder, slug)
        edits = read_edits(folder, slug)
        issue = self._issue(slug)
        words = self._machine_words(slug, issue, edits_are=text)
        last = self.history.last(slug, text)
        problem = self._problem()
        desk = site.Desk(
            token=self.review.forms.token,
            seen=self.history.saw(slug, text),
            edits=edits,
            text=text,
            candidates=self.archive.candidates(slug),
            whole=words.whole,
            blurbs=words.blurbs,
            find=find,
            number=number,
            story=story,
            at=at,
            told=told,
            refused=refused,
            last=last.said if last else "",
            stale=edited_since_build(folder, slug),
            watched=self.house.remake is not None,
            problem=problem,
            make=f"digest build --again --issue {slug}",
            send=f"digest send {slug} --list {self._readers(slug)}",
        )
        # No page of forms follows the server: what is being typed would be lost.
        html = site.edit_page(
            self.archive.row(slug), issue, desk, around=self.review.around(slug, "")
        )
        return form_page(html, status)

    def _title(self, slug: str, key: str) -> str:
        rows = pipeline.known_stories(self.archive, slug) if key else ()
        return next((named.title for named in rows if named.id == key), "")

    def _issue(self, slug: str) -> Issue:
        return self.archive.load(slug)

    def _machine_words(self, slug: str, issue: Issue, *, edits_are: str) -> MachineWords:
        if not edits_are.strip() or issue.status == "sent":
            return MachineWords()
        try:
            return pipeline.machine_words(
                issue,
                read_edits(self.archive.folder, slug),
                settings=self.house.settings(slug),
                blurbs=Path(self.house.cache) / "blurbs.jsonl",
            )
        except DigestError:  # settings that cannot be read are told where the issue is made
            return MachineWords()

    def _problem(self) -> Failure | None:
        follow = self.review.follow
        return follow.problem if follow else None

    def _readers(self, slug: str) -> str:
        own = self.house.own_settings
        try:
            settings = own() if own else self.house.settings(slug)
        except DigestError:  # told where mails are sent
            return "recipients.csv"
        return shlex.quote(settings.readers_list)


def _is_of_its_moment(fields: Mapping[str, str]) -> bool:
    """Whether a form means something else once edits.toml is another: by a number, or by time."""
    return fields.get("form") == "last" or fields.get("do", "").startswith("undo notice ")
