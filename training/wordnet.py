"""Antonyms, synonyms and sister terms from WordNet's own files (Debian package ``wordnet-base``).

Only what the making of questions needs: lemmas of one word, their first two senses.
"""

from collections import defaultdict
from pathlib import Path

WORDNET = Path("/usr/share/wordnet")

PARTS = ("noun", "verb", "adj", "adv")


class WordNet:
    """Lookups over the database files; raises ``FileNotFoundError`` where they are absent."""

    def __init__(self, folder: Path = WORDNET) -> None:
        self.antonyms: dict[str, set[str]] = defaultdict(set)
        self.parents: dict[str, list[str]] = {}
        self.children: dict[str, list[str]] = defaultdict(list)
        self.words: dict[str, list[str]] = {}
        for part in PARTS:
            self._read_data(folder / f"data.{part}", part)
        self.nouns = self._read_index(folder / "index.noun", "noun")
        self.senses = [
            self.nouns,
            self._read_index(folder / "index.verb", "verb"),
            self._read_index(folder / "index.adj", "adj"),
            self._read_index(folder / "index.adv", "adv"),
        ]

    def synonyms(self, word: str) -> list[str]:
        """The other words of the first sense of ``word``, in the one part of speech it has.

        Words of several parts of speech get none: which one is meant isn't told.
        """
        found = [senses[word] for senses in self.senses if word in senses]
        if len(found) != 1:
            return []
        return sorted(set(self.words[found[0][0]]) - {word})

    def kinds_of(self, *nouns: str) -> set[str]:
        """The words whose first sense is a kind of the first sense of one of ``nouns``."""
        pending = [self.nouns[noun][0] for noun in nouns]
        found: set[str] = set()
        while pending:
            sense = pending.pop()
            if sense not in found:
                found.add(sense)
                pending += self.children[sense]
        return {word for word, senses in self.nouns.items() if senses[0] in found}

    def sisters(self, noun: str) -> list[str]:
        """Nouns of one word that share a hypernym with the first sense of ``noun``."""
        senses = self.nouns.get(noun, [])[:1]
        found = {
            word
            for sense in senses
            for parent in self.parents.get(sense, [])
            for child in self.children[parent]
            if child != sense
            for word in self.words[child][:1]
        }
        return sorted(found - {noun})

    def _read_data(self, path: Path, part: str) -> None:
        pending = []
        for line in path.read_text("utf-8").splitlines():
            if line.startswith(" "):
                continue
            fields = line.split(" | ")[0].split()
            count = int(fields[3], 16)
            words = [fields[4 + 2 * i].split("(")[0] for i in range(count)]
            key = part + fields[0]
            self.words[key] = [w.lower() for w in words if "_" not in w and w.islower()]
            at = 4 + 2 * count
            for i in range(int(fields[at])):
                symbol, offset, _, link = fields[at + 1 + 4 * i : at + 5 + 4 * i]
                if symbol == "!":
                    pending.append((words[int(link[:2], 16) - 1], part + offset, int(link[2:], 16)))
                if symbol == "@" and part == "noun":
                    self.parents.setdefault(key, []).append("noun" + offset)
                    self.children["noun" + offset].append(key)
        for word, key, number in pending:
            others = self.words.get(key, [])
            if others:
                self.antonyms[word.lower()].add(others[min(number, len(others)) - 1])

    def _read_index(self, path: Path, part: str) -> dict[str, list[str]]:
        """The senses of each word of one part of speech, the most frequent first."""
        senses = {}
        for line in path.read_text("utf-8").splitlines():
            fields = line.split()
            if line.startswith(" ") or "_" in fields[0]:
                continue
            count = int(fields[2])
            senses[fields[0]] = [part + offset for offset in fields[-count:]]
        return senses
