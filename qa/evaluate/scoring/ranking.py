"""Measures of ranked articles, computed by ir-measures.

nDCG has the gains of trec_eval: the grade itself, not two to its power.
"""

from collections.abc import Mapping, Sequence

MEASURES = (
    "nDCG@10",
    "RR@10",
    "R@10",
    "R@100",
    "Success@1",
    "Success@3",
    "Success@5",
    "Success@10",
    "P@1",
    "P@5",
    "P@10",
    "AP",
    "Judged@10",
)


def score_rankings(
    rankings: Mapping[str, Sequence[tuple[str, float]]],
    relevance: Mapping[str, Mapping[str, int]],
    measures: Sequence[str] = MEASURES,
) -> dict[str, dict[str, float]]:
    """Each measure of each judged query; a query without a ranking scores 0.

    The scores of a ranking must fall strictly (`trec.make_strict`), so that the order is ours.
    """
    import ir_measures

    scores: dict[str, dict[str, float]] = {
        query: dict.fromkeys(measures, 0.0) for query, judged in relevance.items() if judged
    }
    run: dict[str, dict[str, float]] = {}
    qrels: dict[str, dict[str, int]] = {}
    queries = {str(place): query for place, query in enumerate(scores)}
    for number, query in queries.items():
        # The C code below breaks on ids that are not UTF-8 and on grades below 0, which gain
        # nothing in any of these measures: it gets numbers for ids, and 0.
        names = {name: str(place) for place, name in enumerate(relevance[query])}
        qrels[number] = {names[name]: max(grade, 0) for name, grade in relevance[query].items()}
        ranking = rankings.get(query, ())
        if ranking:
            run[number] = {names.setdefault(name, str(len(names))): s for name, s in ranking}
    if not run:
        return scores
    parsed = {ir_measures.parse_measure(name): name for name in measures}
    for item in ir_measures.iter_calc(list(parsed), qrels, run):
        scores[queries[item.query_id]][parsed[item.measure]] = float(item.value)
    return scores
