"""What the tests of published pages share: a browser."""

from tests.browser import chromium

__all__ = ["chromium"]
