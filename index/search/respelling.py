"""Words of a question that no passage has, as the nearest one is written in the articles."""

from index.encoding.encoders import list_familiar_words
from index.search.caches import Caches
from index.search.ranking import RankedRow, Ranker
from index.words.spelling import is_slip
from index.words.terms import find_written


def respell(query: str, caches: Caches, ranker: Ranker) -> dict[str, str]:
    """Words of the query, in lower case, that no passage has → as the nearest one is written.

    What is removed from the library meanwhile is left out.
    """
    with caches.reading(vectors=False, words=True):
        words = caches.words.engine
        if words is None:
            return {}
        terms = words.respell(query, list_familiar_words())
        rows = {word: words.search(term, 1)[0].tolist() for word, term in terms.items()}
    written = {}
    for word, found in rows.items():
        for hit in ranker.read_hits([RankedRow(row, 0.0, {}) for row in found]):
            surface = find_written(terms[word], hit.passage.text)
            if surface and (is_slip(word, terms[word]) or not surface.islower()):
                written[word] = surface
    return written
