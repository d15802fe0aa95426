"""A mail server that misbehaves by a seed, and what kills a sender while it talks to it."""
