"""Evaluation data: corpora, questions and judgements in the formats of the field."""
