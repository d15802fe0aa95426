"""Handing messages over: one thread, several connections, and what each answer decides."""
