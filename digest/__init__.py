"""digest: from the week's sources to a checked, archived newsletter email."""

__version__ = "0.1.0"
