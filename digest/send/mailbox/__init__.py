"""Mail that stays on this machine: a Maildir, what it shows, and a server that fills it."""
