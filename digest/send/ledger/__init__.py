"""The record of who was sent which issue, and with what answer: one room, its door `Ledger`.

`tables` says what is kept, `store` keeps it (SQLite or PostgreSQL), `planning` turns a list into
deliveries, `deliveries` is what a run takes and writes back, `people` the suppression list. What
it tells are `nouns`, and `file` says where it lies: neither loads SQLAlchemy.
"""
