"""BM25 over the training passages: where the hard negatives come from."""

import re

STOP_WORDS = frozenset(
    "a an the of in on at to for from by with and or is are was were be been did do does what who "
    "whom whose when where which why how that this it its as has have had many much".split()
)


class PassageIndex:
    """Ranks ``passages`` for a question by BM25 with English stems."""

    def __init__(self, passages: list[str]) -> None:
        import tantivy

        self.passages = passages
        schema = tantivy.SchemaBuilder()
        schema.add_text_field("text", stored=False, tokenizer_name="en_stem")
        schema.add_integer_field("row", stored=True)
        self._index = tantivy.Index(schema.build())
        writer = self._index.writer(num_threads=1)
        for row, passage in enumerate(passages):
            writer.add_document(tantivy.Document(text=passage, row=row))
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()
        self._searcher = self._index.searcher()

    def search(self, question: str, count: int) -> list[str]:
        """The ``count`` best passages for ``question``, best first."""
        return [self.passages[row] for row, _ in self.rank(question, count)]

    def rank(self, question: str, count: int) -> list[tuple[int, float]]:
        """(row, score) of the ``count`` best passages, best first."""
        words = [w for w in re.findall(r"\w+", question.lower()) if w not in STOP_WORDS]
        if not words:
            return []
        query = self._index.parse_query(" ".join(words), ["text"])
        hits = self._searcher.search(query, count).hits
        return [(self._searcher.doc(address).to_dict()["row"][0], score) for score, address in hits]
