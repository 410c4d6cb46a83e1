"""How long twenty people who ask at the same time wait, alone and beside an upload.

    python -m benchmarks.load [--people 20] [--rounds 5] [--articles 500] [--crowd 8] [--each 10]

Starts the chat on a library of small articles that are made here, one for each town, with the
default settings, and asks it over HTTP. First one person and a crowd ask by turns, question after
question, and what both get done is compared. Each answer must be to its own
question, each passage and quote of its own town, each quote exact. Writes
``benchmarks/results/load.json``, with how many processes wanted the processor before it began as
``other_load``.
"""

import argparse
import json
import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx

from benchmarks.chat import summarize
from qa.evaluate.provenance import describe_machine, find_revision, list_versions

ROOT = Path(__file__).resolve().parent.parent
RESULT = ROOT / "benchmarks" / "results" / "load.json"
sys.path.insert(0, str(ROOT / "tests"))

from chat_server import running_chat  # noqa: E402

BATCH = 50
TURNS = 3
FIRST = "Ada Berit Carl Dagny Emil Frida Georg Hanna Ivar Julie".split()
LAST = "Aas Berg Dahl Eide Foss Gran Haug Iversen Juul Krog".split()


def name_person(number: int) -> str:
    """The mayor of a town."""
    return f"{FIRST[number % 10]} {LAST[number // 10 % 10]}"


def write_article(number: int) -> str:
    """A small article about the town of this number, unlike that of any other."""
    town, person = f"Nordvik{number}", name_person(number)
    return (
        f"{town} elects a new mayor\n\n"
        f"OSLO, May {number % 28 + 1}, 2019 (NTB) - The people of {town} elected {person} as their "
        f"mayor on Sunday, the council of {town} said.\n\n"
        f"{person} won {number * 7 + 1200} votes and promised to mend the harbour of {town}.\n"
    )


def ask(http: httpx.Client, number: int) -> float:
    """Ask about a town and check the answer; milliseconds until it was there."""
    question = f"Who did the people of Nordvik{number} elect as mayor?"
    begun = time.perf_counter()
    reply = http.post("/ask", json={"question": question, "passages": 1})
    waited = (time.perf_counter() - begun) * 1000
    answer = reply.raise_for_status().json()
    own = f"Nordvik{number} "
    if answer["question"] != question or answer["passages"][0]["article"] != f"{number}.txt":
        raise SystemExit(f"{question} was answered with {answer['passages'][0]['article']}.")
    first = answer["citations"][0]
    text = write_article(number)
    if text[first["start"] : first["end"]] != first["quote"] or own not in first["quote"]:
        raise SystemExit(f"{question} was answered with {first['quote']!r}.")
    return waited


def ask_together(http: httpx.Client, first: int, people: int, rounds: int) -> dict[str, float]:
    """How long each of many waits who ask at the same moment, over several rounds.

    Nobody asks what was asked before, for that would be answered from memory.
    """
    waits: list[float] = []
    start = threading.Barrier(people)

    def take_part(number: int) -> float:
        start.wait()
        return ask(http, number)

    with ThreadPoolExecutor(people) as pool:
        for turn in range(rounds):
            numbers = [first + turn * people + person for person in range(people)]
            waits += pool.map(take_part, numbers)
    return summarize(waits)


def ask_in_turns(http: httpx.Client, first: int, crowd: int, each: int) -> dict[str, Any]:
    """One person's questions and a crowd's, in three turns each, with what is done in a second."""
    figures: dict[str, Any] = {}
    spent = {1: 0.0, crowd: 0.0}
    waits: dict[int, list[float]] = {1: [], crowd: []}
    number = first
    for _ in range(TURNS):
        for people in (1, crowd):
            parts = [range(number + i, number + people * each, people) for i in range(people)]
            number += people * each
            begun = time.perf_counter()
            with ThreadPoolExecutor(people) as pool:
                for part in pool.map(lambda numbers: [ask(http, item) for item in numbers], parts):
                    waits[people] += part
            spent[people] += time.perf_counter() - begun
    for people, seconds in spent.items():
        done = {"answers_per_second": round(TURNS * people * each / seconds, 2)}
        figures[f"{people} asking"] = done | summarize(waits[people])
    one, many = figures["1 asking"], figures[f"{crowd} asking"]
    figures["throughput_ratio"] = round(many["answers_per_second"] / one["answers_per_second"], 2)
    figures["p95_ratio"] = round(many["p95_ms"] / one["p95_ms"], 2)
    return figures


def count_turns(crowd: int, each: int) -> int:
    """How many questions ``ask_in_turns`` asks."""
    return TURNS * (crowd + 1) * each


def upload_until(http: httpx.Client, first: int, most: int, done: Callable[[], bool]) -> int:
    """Add articles until it is done or there are enough; gives how many."""
    number = first
    while number < first + most and not done():
        files = [
            ("files", (f"{item}.txt", write_article(item).encode()))
            for item in range(number, number + BATCH)
        ]
        http.post("/articles", files=files).raise_for_status()
        number += BATCH
    return number - first


def measure(people: int, rounds: int, articles: int, crowd: int, each: int) -> dict[str, Any]:
    """All measurements against one server, whose first question nobody waits for."""
    asked = people * rounds
    town_count = 2 * asked + 1 + count_turns(crowd, each)
    most = max(people, crowd)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "towns").mkdir()
        for number in range(town_count):
            file = folder / "towns" / f"{number}.txt"
            file.write_text(write_article(number), encoding="utf-8")
        limits = httpx.Limits(max_connections=most + 1, max_keepalive_connections=most + 1)
        with (
            running_chat(folder / "library", folder / "log", paths=[folder / "towns"]) as url,
            httpx.Client(base_url=f"{url}/api", timeout=120, limits=limits) as http,
            ThreadPoolExecutor(1) as beside,
        ):
            ask(http, 2 * asked)
            turns = ask_in_turns(http, 2 * asked + 1, crowd, each)
            alone = ask_together(http, 0, people, rounds)
            over = threading.Event()
            uploading = beside.submit(upload_until, http, town_count, articles, over.is_set)
            uploaded = ask_together(http, asked, people, rounds)
            over.set()
            added = uploading.result()
            total = http.get("/articles?limit=1").json()["total"]
            if total != town_count + added:
                raise SystemExit(f"{added} articles were uploaded, but the library holds {total}.")
    return {
        "in_turns": turns,
        "people": people,
        "alone": alone,
        "beside_an_upload": uploaded,
        "articles_uploaded_meanwhile": added,
        "errors": 0,
        "others_answers": 0,
    }


def main() -> None:
    """Measure, print and write; anything wrong ends it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--articles", type=int, default=500, help="how many to upload, at most")
    parser.add_argument("--crowd", type=int, default=8, help="people compared with one")
    parser.add_argument("--each", type=int, default=10, help="questions of each, in every turn")
    options = parser.parse_args()
    if options.crowd < 2:
        parser.error(
            f"--crowd is {options.crowd}, but one person alone is no crowd; give 2 or more."
        )
    result = {
        "revision": find_revision(),
        "machine": describe_machine(),
        "versions": list_versions(),
        "other_load": round(os.getloadavg()[0], 1),
        **measure(options.people, options.rounds, options.articles, options.crowd, options.each),
    }
    RESULT.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
