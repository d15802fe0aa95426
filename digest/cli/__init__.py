"""The commands: words turned into calls of the pipeline, values turned into tables. No logic.

Each verb family is a file that is imported when one of its verbs is asked for; whatever is slow
is imported inside the command that needs it, so that `digest --help` stays quick.
"""

from digest.cli.main import main

__all__ = ["main"]
