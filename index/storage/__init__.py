"""The store: the only truth about a library, in one SQLite file."""
