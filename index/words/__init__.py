"""The engine over words: BM25 in tantivy."""
