"""Antonyms and sister terms from WordNet's own files (Debian package ``wordnet-base``).

Only what the corruption of questions needs: lemmas of one word, their first two senses.
"""

from collections import defaultdict
from pathlib import Path

WORDNET = Path("/usr/share/wordnet")

PARTS = ("noun", "verb", "adj", "adv")


class WordNet:
    """Lookups over the database files; raises ``FileNotFoundError`` where they are absent."""

    def __init__(self, folder: Path = WORDNET) -> None:
        self.antonyms: dict[str, set[str]] = defaultdict(set)
        self.nouns: dict[str, list[str]] = {}
        self.parents: dict[str, list[str]] = {}
        self.children: dict[str, list[str]] = defaultdict(list)
        self.words: dict[str, list[str]] = {}
        for part in PARTS:
            self._read_data(folder / f"data.{part}", part)
        self._read_index(folder / "index.noun")

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

    def _read_index(self, path: Path) -> None:
        for line in path.read_text("utf-8").splitlines():
            fields = line.split()
            if line.startswith(" ") or "_" in fields[0]:
                continue
            count = int(fields[2])
            self.nouns[fields[0]] = ["noun" + offset for offset in fields[-count:]]
