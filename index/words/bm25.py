"""What is asked of tantivy: the fields of a passage and the queries over them."""

import math
from functools import cache

import numpy as np
import tantivy
from numpy.typing import NDArray

PAIR_BOOST = 0.25

ONE_BY_ONE = 200
"""Ids up to which looking each up takes half as long as one pass over all of them."""


@cache
def schema() -> tantivy.Schema:
    """The fields of a passage: the store's id, and its words with nothing of the text kept."""
    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("id", indexed=True, fast=True)
    builder.add_text_field("text", tokenizer_name="words", index_option="position")
    return builder.build()


def within(request: tantivy.Query, allowed: NDArray[np.int64]) -> tantivy.Query:
    """``request`` for the passages ``allowed`` alone, with the scores as they are."""
    ids = allowed.tolist()
    if len(ids) > ONE_BY_ONE:
        chosen = tantivy.Query.term_set_query(schema(), "id", ids)
    else:
        each = (tantivy.Query.term_query(schema(), "id", number, "basic") for number in ids)
        chosen = tantivy.Query.boolean_query([(tantivy.Occur.Should, query) for query in each])
    return tantivy.Query.boolean_query(
        [
            (tantivy.Occur.Must, request),
            (tantivy.Occur.Must, tantivy.Query.const_score_query(chosen, 0.0)),
        ]
    )


def boosted_term(term: str, count: int) -> tantivy.Query:
    """The query for one term that the question holds ``count`` times."""
    query = tantivy.Query.term_query(schema(), "text", term, "freq")
    return tantivy.Query.boost_query(query, float(count)) if count > 1 else query


def boosted_pair(first: str, second: str) -> tantivy.Query:
    """The query for two terms side by side."""
    query = tantivy.Query.phrase_query(schema(), "text", [first, second])
    return tantivy.Query.boost_query(query, PAIR_BOOST)


def inverse_frequency(total: int, frequency: int) -> float:
    """How much a term tells that ``frequency`` of ``total`` passages have, as in Okapi BM25."""
    return math.log(1 + (total - frequency + 0.5) / (frequency + 0.5))
