"""The passages that were found are read, and what will not do is left out."""

from index import Library
from qa.answering.excluding import drop_answered
from qa.answering.found import Found
from qa.reader.choice import read_hits
from qa.reader.evidence import Findings, asks_nothing
from qa.types import Asked

NOTHING_FOUND = "Nothing in your articles answers this."
NOTHING_MATCHES = "No article in your library passes the filters; widen them, then ask again."
NO_ARTICLES = "Your library has no articles yet; add some, then ask again."


def read_passages(found: Found, library: Library) -> tuple[Findings, tuple[str, ...]]:
    """What the passages say, and a note for each thing that failed."""
    failures: tuple[str, ...] = ()
    if found.vector is None or asks_nothing(found.searched):
        findings = Findings((), found.hits, 0.0, 0.0)
    else:
        findings, failures = read_hits(
            found.searched, found.vector, found.hits, library, found.settings, found.sure
        )
    if found.followup:
        findings = drop_answered(findings, found.followup)
    found.clock.lap("read")
    return findings, failures


def describe_asked(found: Found, failures: tuple[str, ...], *, is_empty: bool) -> Asked:
    """What was asked, for the answer and its trace; ``is_empty`` says that no article is there."""
    notes = [*found.notes, *failures]
    if found.followup and found.followup.answered:
        answered = ", ".join(found.followup.answered)
        notes.append(f"Answered before, and left out here: {answered}.")
    nothing = NOTHING_MATCHES if found.all_filtered else NOTHING_FOUND
    return Asked(
        found.request.question,
        found.question,
        found.searched,
        found.settings.system,
        found.request.wanted,
        found.request.min_confidence,
        found.filters,
        tuple(notes),
        NO_ARTICLES if is_empty and not found.hits else nothing,
        found.followup,
    )
