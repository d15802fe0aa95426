"""What a WSGI server runs: `gunicorn digest.unsubscribe.wsgi:app`.

The environment's DIGEST_FOLDER names the newsletter's folder (default: the current one); its `.env`
is read once, at the start.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from digest.unsubscribe.start import app_of

if TYPE_CHECKING:
    from flask import Flask

app: Flask = app_of(Path(os.environ.get("DIGEST_FOLDER") or "."), os.environ)
