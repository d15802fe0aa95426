"""The archive: all issues, as plain files in the folder `issues/`.

`Archive` saves an issue so that a crash leaves the old one or the new one, loads it back, and
remembers what ran before. Nothing here renders, judges or sends.
"""

from digest.archive.document import Row
from digest.archive.slug import is_slug, slug_of
from digest.archive.store import Archive

__all__ = ["Archive", "Row", "is_slug", "slug_of"]
