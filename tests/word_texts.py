"""Passages to be found by their words."""

TEXTS = {
    11: "Russia recognized the independence of South Ossetia and Abkhazia in August 2008.",
    12: "Georgia's president Mikheil Saakashvili spoke to reporters in Tbilisi.",
    13: "The U.S. sent 7,600 tons of aid on the 26th, the Pentagon said.",
    14: "Oil prices rose again while shares in Zürich fell.",
    15: "В Москве министр заявил о признании независимости Южной Осетии.",
    16: "東京都知事は記者会見で新しい計画を発表した。",
    17: "أعلن الرئيس عن الانتخابات الجديدة في القاهرة.",
    18: "Die Bundeskanzlerin sprach in München über die Wirtschaft.",
}


def first(words, query, allowed=None):
    ids, _ = words.search(query, 1, allowed)
    return int(ids[0]) if len(ids) else None
