"""Files, folders and records → articles: one module a format, and one list of formats."""
