"""Question and passages → evidence: relevance, answering words, confidence."""
