"""What the engines are given of a passage: the one place that decides it.

It is part of the passage rule, so a library made otherwise is refused and never mixed.
"""

INPUT_RULE = "title first"


def passage_input(title: str, text: str, *, passage_words: int) -> str:
    """The text that is encoded and whose words are indexed: the passage under its title.

    A title that already opens the passage is not repeated. With ``passage_words`` 0 each record is
    one passage and is read as in BEIR (Thakur et al., 2021): title, space, text.
    """
    if not passage_words:
        return f"{title} {text}".strip()
    if not title or text.lstrip().startswith(title):
        return text
    return f"{title}\n{text}"


def library_rule(passage_words: int, overlap_sentences: int) -> str:
    """How articles become what the engines are given, as one line that changes when that does."""
    from index.passages import passage_rule

    return f"{passage_rule(passage_words, overlap_sentences)}; {INPUT_RULE}"
