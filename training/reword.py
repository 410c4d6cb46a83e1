"""Questions said otherwise: they are still answered, though not in the passage's own words.

Corrupted questions read a little oddly; were they the only odd ones, a model could learn oddness
in place of reading. Questions asked without sight of the text also share fewer words with it and
leave out more (NewsQA, Trischler et al. 2017) than those asked beside it (SQuAD).
"""

import random
import re

from training.corrupt import QUESTION_WORDS, replace_word
from training.wordnet import WordNet

TAIL = re.compile(
    r" (?:in|on|at|during|for|with|by|from|after|before|of|about|as|to|near|under)"
    r"(?: (?!wh|how)[^ ?,]+){1,5}\?$"
)
"""A preposition or "to" and a few words at a question's end, none of which asks."""

SHORTEST = 4
"""Words that a shortened question keeps at least, two of them no question words."""


class Reworder:
    """Says questions in synonyms or without their last phrase; raises nothing."""

    def __init__(self, wordnet: WordNet) -> None:
        self._wordnet = wordnet

    def reword(self, question: str, draw: random.Random) -> str:
        """``question`` said otherwise, or itself when no rule applies."""
        rules = [self.use_synonyms, self.leave_out_end]
        draw.shuffle(rules)
        for rule in rules:
            made = rule(question, draw)
            if made != question:
                return made
        return question

    def use_synonyms(self, question: str, draw: random.Random) -> str:
        """One or two words of ``question`` as synonyms of their first sense."""
        words = list(dict.fromkeys(re.findall(r"\b[a-z]{4,}\b", question)))
        words = [w for w in words if w not in QUESTION_WORDS]
        words = [w for w in words if w != "under" and not w.endswith("ing")]
        draw.shuffle(words)
        left = draw.choice((1, 2))
        for word in words:
            others = [w for w in self._wordnet.synonyms(word) if w not in question]
            if others and left:
                question = replace_word(question, word, draw.choice(others))
                left -= 1
        return question

    def leave_out_end(self, question: str, draw: random.Random) -> str:
        """``question`` without a prepositional phrase at its end, where enough remains."""
        del draw  # one way only; the rules share a signature
        short = TAIL.sub("?", question)
        words = short.rstrip("?").split()
        told = [w for w in words if w.lower() not in QUESTION_WORDS]
        return short if len(words) >= SHORTEST and len(told) >= 2 else question
