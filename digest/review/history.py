"""What was done at the desk while the server runs: in memory, and gone with it."""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import Generic, TypeVar

from digest.review.forms import seen_hash

_STEPS = 100
"""Changes of an issue that can be undone, one after the other."""
_TEXTS = 400
_TEXT_CHARS = 200_000
"""A longer edits.toml is not remembered: a conflict then shows it whole, and no difference."""
_SAID = 200

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Step:
    """A change of edits.toml: the file before and after, and what it was, in a sentence."""

    before: str
    after: str
    said: str


class History:
    """The changes of each issue's edits.toml, and what the pages of this run were made from."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._steps: dict[str, list[Step]] = {}
        self._texts: OrderedDict[tuple[str, str], str] = OrderedDict()

    def saw(self, slug: str, text: str) -> str:
        """The hash that forms carry of `text`, which is edits.toml as a page shows it."""
        key = seen_hash(text)
        if len(text) <= _TEXT_CHARS:
            with self._lock:
                self._texts[slug, key] = text
                self._texts.move_to_end((slug, key))
                while len(self._texts) > _TEXTS:
                    self._texts.popitem(last=False)
        return key

    def text_of(self, slug: str, key: str) -> str | None:
        """The edits.toml of that hash; None where no page of this run was made from it."""
        with self._lock:
            return self._texts.get((slug, key))

    def add(self, slug: str, step: Step) -> None:
        """Remember a change that was made."""
        with self._lock:
            steps = self._steps.setdefault(slug, [])
            steps.append(step)
            del steps[:-_STEPS]

    def last(self, slug: str, text: str) -> Step | None:
        """The latest change, as long as edits.toml, `text`, is what that left."""
        with self._lock:
            steps = self._steps.get(slug, [])
            return steps[-1] if steps and steps[-1].after == text else None

    def drop_last(self, slug: str, step: Step) -> None:
        """Forget a change that was undone."""
        with self._lock:
            steps = self._steps.get(slug, [])
            if steps and steps[-1] == step:
                steps.pop()


class Said(Generic[T]):
    """What a page is to say after a redirect, by a key in its address."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._said: OrderedDict[str, T] = OrderedDict()

    def keep(self, said: T) -> str:
        """The key by which the page asks for `said`."""
        key = secrets.token_hex(4)
        with self._lock:
            self._said[key] = said
            while len(self._said) > _SAID:
                self._said.popitem(last=False)
        return key

    def get(self, key: str) -> T | None:
        """What was kept; None for an address of another run."""
        with self._lock:
            return self._said.get(key)
