"""What every command is given: the newsletter's folder, and what is read from it when asked."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from digest.errors import ArchiveError, SendError, UsageError

if TYPE_CHECKING:
    from digest.archive import Archive
    from digest.net import Fetcher
    from digest.send import Keyring, Ledger
    from digest.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One command's surroundings."""

    folder: Path
    quiet: bool = False
    _warned: set[Path] = field(default_factory=set, repr=False, compare=False)

    def settings(self, *, sample: bool = False) -> Settings:
        """The folder's settings, or the bundled sample's; the environment wins over both."""
        from digest.settings import read_settings

        if sample:
            from digest import sample as bundled

            return read_settings(bundled.folder() / "newsletter.env", os.environ)
        found = read_settings(self.folder / ".env", os.environ)
        self._warn_of_readers(found)
        return found

    def _warn_of_readers(self, found: Settings) -> None:
        """Say, once a command, where others may read the secrets in `.env`."""
        path = self.folder / ".env"
        secret = {f.metadata["key"] for f in fields(found) if f.metadata.get("secret")}
        there = [key for key in found.read_from if key in secret]
        if os.name == "nt" or path in self._warned:
            return
        if not any(found.read_from[key].startswith(".env") for key in there):
            return
        self._warned.add(path)
        if path.stat().st_mode & 0o077:
            import shlex

            import click

            click.secho("warning: ", fg="yellow", nl=False, err=True)
            shown = shlex.quote(str(path))
            click.echo(
                f"{path} holds secrets, and others may read it. Type: chmod 600 {shown}", err=True
            )

    def archive(self) -> Archive:
        """The folder `issues/`, which may not be there yet."""
        from digest.archive import Archive

        return Archive(self.folder / "issues")

    def is_sample(self, slug: str) -> bool:
        """Whether the issue is one of the bundled newsletter, in a folder of another or none."""
        name = self.archive().row(slug).name
        return name == self.settings(sample=True).name != self.settings().name

    def settings_of(self, slug: str) -> Settings:
        """The settings that the issue is made with: the folder's, or the bundled sample's."""
        return self.settings(sample=self.is_sample(slug))

    @property
    def mailbox(self) -> Path:
        """Where test mails stay when no server is set."""
        return self.folder / "var" / "mailbox"

    def keyring(self, without: str) -> Keyring:
        """The keys that stand for people; raises SendError, which says what is not `without`."""
        from digest.send import Keyring

        found = Keyring(self.settings().secret)
        if not found:
            raise SendError(
                f"Without DIGEST_SECRET {without}.",
                hint="It is the key behind unsubscribe links; `digest init` writes one.",
            )
        return found

    def ledger(self, *, look: bool = False) -> Ledger:
        """The record of who was sent what, as the settings name it; to `look` changes nothing."""
        from digest.send import Keyring, Ledger

        settings = self.settings()
        return Ledger(
            settings.database_url,
            folder=self.folder,
            keyring=Keyring(settings.secret),
            clock=clock,
            look=look,
        )

    def ledger_or_none(self) -> Ledger | None:
        """The same for who only looks: None where there is none yet, and none is made."""
        from digest.send import is_there

        there = is_there(self.settings().database_url, folder=self.folder)
        return self.ledger() if there else None

    def ledger_to_look_at(self) -> Ledger | None:
        """The same, opened so that neither a file is made nor a table changed."""
        from digest.send import is_there

        there = is_there(self.settings().database_url, folder=self.folder)
        return self.ledger(look=True) if there else None

    @property
    def blurbs(self) -> Path:
        """Where blurbs are kept for the next build; the file may be deleted at any time."""
        return self.folder / "var" / "cache" / "blurbs.jsonl"

    def fetch(self, settings: Settings) -> Fetcher:
        """The polite fetch under this newsletter's policy; it keeps what it brought in `var/`."""
        from digest import __version__
        from digest.net import Courier, Policy, Store, user_agent

        policy = Policy(
            allow_private=settings.allow_private,
            robots=settings.robots,
            user_agent=user_agent(settings.contact, __version__),
        )
        return Courier(policy, Store(self.folder / "var" / "cache" / "fetch"))

    def reach(self, settings: Settings) -> Fetcher:
        """The polite fetch for asking whether an address is there; it reads and keeps no body."""
        from digest import __version__
        from digest.net import Courier, Policy, user_agent

        policy = Policy(
            allow_private=settings.allow_private,
            robots=settings.robots,
            user_agent=user_agent(settings.contact, __version__),
            head_only=True,
            timeout_s=15,
            retries=1,
        )
        return Courier(policy)

    def issue_or_latest(self, slug: str | None) -> str:
        """`slug`, or the latest issue of the archive where none was named."""
        slugs = self.archive().slugs()
        slug = slug.upper() if slug and slug[:1].isdigit() else slug
        if slug is None or slug == "latest":
            if not slugs:
                raise ArchiveError(
                    "There is no issue in issues/ yet.",
                    hint="Build one: `digest build`, or `digest build --sample` to see one.",
                )
            return slugs[-1]
        if slug not in slugs:
            there = f"The latest is {slugs[-1]}" if slugs else "There is none yet"
            raise ArchiveError(
                f"There is no issue {slug!r} in issues/. {there}.",
                hint="`digest issues list` shows them all.",
            )
        return slug


def moment(raw: str | None, zone: str, *, option: str) -> datetime | None:
    """A date or a moment that a person typed, in the newsletter's zone unless it says another."""
    if raw is None:
        return None
    try:
        found = datetime.fromisoformat(raw)
    except ValueError:
        raise UsageError(
            f"{option} takes a date or a moment, not {raw!r}.",
            hint=f"For example {option} 2026-11-20 or {option} 2026-11-20T09:30.",
        ) from None
    if not 1970 <= found.year < 9999:
        raise UsageError(
            f"{option} {raw} lies in the year {found.year}.",
            hint=f"For example {option} 2026-11-20.",
        )
    return found if found.tzinfo else found.replace(tzinfo=ZoneInfo(zone))


def clock() -> datetime:
    """Now. The only place of the program that asks."""
    return datetime.now(UTC)
