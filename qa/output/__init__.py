"""An answer → JSON, text, Markdown and HTML; one place for every front end."""
