"""What the fusion of dense and word scores was chosen by, from data to table.

    python benchmarks/fusion.py compare --cache DIR         training tasks, every way to fuse
    python benchmarks/fusion.py tune --cache DIR            random mixtures, one task left out
    python benchmarks/fusion.py measure --cache DIR         the held-out sets, once all is chosen

The data is looked for in ``$DATELINE_DATA``, else in ``../shared/data`` beside the project. The
training tasks are made of reading-comprehension data: its paragraphs are the corpus, and the
paragraph that a question was asked about is the one to find. Vectors and candidates are kept in
the cache folder. Nothing is chosen by the held-out sets; ``measure`` is the only one to read them.
"""

import argparse
import hashlib
import json
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import ir_measures
import numpy as np
from ir_measures import Qrel, ScoredDoc, Success, nDCG

from index.encoding.encoders import default_encoder
from index.search.fusion import (
    QUESTION_MIXTURE,
    Candidates,
    Ids,
    Mixture,
    Scores,
    complete_scores,
    fuse,
)
from index.words.engine import WordIndex

DEPTH = 100
MEASURES = [nDCG @ 10, Success @ 1]
SQUAD = ["squad_train_du", "squad_train_mrqa_part", "squad_train_subset"]
WIKIPEDIA = [*SQUAD, "squadshifts_new_wiki", "nq_oracle", "qed_dev", "timeqa_train"]
# Task → files whose paragraphs are searched, files whose questions are asked, how many of them.
TRAINING = {
    "squad": (SQUAD, SQUAD[:2], 1500),
    "new_wiki": (WIKIPEDIA, ["squadshifts_new_wiki"], 1500),
    "reddit": (["squadshifts_reddit"], ["squadshifts_reddit"], 1500),
    "amazon": (["squadshifts_amazon"], ["squadshifts_amazon"], 1500),
    "nq": (WIKIPEDIA, ["nq_oracle", "qed_dev"], 4000),
    "timeqa": (WIKIPEDIA, ["timeqa_train"], 1500),
    "policyqa": (["policyqa_dev", "policyqa_test"], ["policyqa_dev", "policyqa_test"], 1500),
    "subjqa": (["subjqa_train"], ["subjqa_train"], 1500),
    "fairytale": (
        ["fairytaleqa_train", "fairytaleqa_val"],
        ["fairytaleqa_train", "fairytaleqa_val"],
        1500,
    ),
    "qamr": (["qamr_dev", "qamr_test"], ["qamr_dev", "qamr_test"], 1500),
}
# Tasks with long questions: so many questions of a task joined to one.
JOINED = {"squad": 2, "qamr": 3, "reddit": 2}
# These share paragraphs or questions, so they are left out together.
TOGETHER = [{"squad", "new_wiki", "squad x2"}, {"qamr", "qamr x3"}, {"reddit", "reddit x2"}]
HELD_OUT = {
    "newsqa": "newsqa/beir_passages",
    "squad dev": "squad/beir_dev_v1.1",
    "scifact": "scifact",
    "dl19": "dl19",
    "clapnq": "clapnq/beir",
    "cranfield": "cranfield",
    "multihop": "multihop_rag_facts",
}
FIRST_QUESTIONS = {"squad dev": 1500}

Way = Callable[[Candidates], tuple[np.ndarray, np.ndarray]]


@dataclass(frozen=True)
class Task:
    """Documents, questions and the grades of documents by their row."""

    texts: list[str]
    questions: list[str]
    grades: list[dict[int, int]]


def read_squad(files: Sequence[str], asked: Sequence[str], limit: int, folder: Path) -> Task:
    """The paragraphs of ``files`` and at most ``limit`` answerable questions of ``asked``."""
    rows: dict[str, tuple[int, str]] = {}
    grades: dict[str, dict[int, int]] = {}
    for name in files:
        for article in json.loads((folder / f"{name}.json").read_text("utf-8"))["data"]:
            title = (article.get("title") or "").replace("_", " ")
            for paragraph in article["paragraphs"]:
                row, _ = rows.setdefault(paragraph["context"], (len(rows), title))
                for item in paragraph["qas"] if name in asked else ():
                    if not item.get("is_impossible"):
                        grades.setdefault(item["question"].strip(), {})[row] = 1
    questions = sorted(grades)
    if len(questions) > limit:
        chosen = np.random.default_rng(0).choice(len(questions), limit, replace=False)
        questions = [questions[i] for i in sorted(chosen)]
    texts = [f"{title} {text}".strip() for text, (_, title) in rows.items()]
    return Task(texts, questions, [grades[question] for question in questions])


def read_lines(file: Path) -> list[dict[str, str]]:
    """The records of a JSONL file."""
    with file.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def join_questions(task: Task, count: int) -> Task:
    """Long questions: ``count`` of the task's at a time, with all that answers any of them."""
    rng = np.random.default_rng(3)
    questions, grades = [], []
    for _ in range(600):
        parts = rng.choice(len(task.questions), count, replace=False).tolist()
        questions.append(" ".join(task.questions[part] for part in parts))
        grades.append({row: 1 for part in parts for row in task.grades[part]})
    return Task(task.texts, questions, grades)


def read_beir(folder: Path, limit: int | None = None) -> Task:
    """The corpus and the judged questions of a BEIR folder, of its ``test`` split if it has one."""
    rows: dict[str, int] = {}
    texts: list[str] = []
    questions: dict[str, str] = {}
    for record in read_lines(folder / "corpus.jsonl"):
        rows[record["_id"]] = len(texts)
        texts.append(f"{record.get('title', '')} {record['text']}".strip())
    for record in read_lines(folder / "queries.jsonl"):
        questions[record["_id"]] = record["text"]
    splits = sorted((folder / "qrels").glob("*.tsv"), key=lambda file: file.stem != "test")
    grades: dict[str, dict[int, int]] = {}
    for line in splits[0].read_text("utf-8").splitlines()[1:]:
        query, document, grade = line.split("\t")
        if document in rows:
            grades.setdefault(query, {})[rows[document]] = int(grade)
    judged = [query for query in questions if any(grades.get(query, {}).values())][:limit]
    return Task(texts, [questions[q] for q in judged], [grades[q] for q in judged])


def encode(texts: list[str], kind: str, cache: Path) -> np.ndarray:
    """The vectors of ``texts``, from the cache when they were encoded before."""
    digest = hashlib.sha256("\0".join([kind, *texts]).encode()).hexdigest()[:20]
    file = cache / f"{digest}.npy"
    if not file.exists():
        encoder = default_encoder()
        encode_all = encoder.encode_passages if kind == "passages" else encoder.encode_questions
        cache.mkdir(parents=True, exist_ok=True)
        np.save(file, encode_all(texts))
    vectors: np.ndarray = np.load(file)
    return vectors


def collect_candidates(task: Task, cache: Path) -> list[Candidates]:
    """Each question's candidates, found and completed as the library does it."""
    passages = encode(task.texts, "passages", cache)
    cosines = encode(task.questions, "questions", cache) @ passages.T
    words = WordIndex.create(None)
    words.add(range(len(task.texts)), task.texts)
    words.commit(1)
    collected = []
    for question, row in zip(task.questions, cosines, strict=True):
        nearest = np.argsort(-row, kind="stable")[:DEPTH]
        found, scores = words.search(question, DEPTH)
        union = np.union1d(nearest, found).astype(np.int64)
        bm25 = complete_scores(union, found, scores, partial(search_among, words, question))
        ceiling = words.ceiling(question)
        collected.append(Candidates(question, union, row[union], bm25, ceiling))
    return collected


def search_among(words: WordIndex, question: str, ids: Ids) -> tuple[Ids, Scores]:
    """The question's scores of these passages."""
    return words.search(question, len(ids), ids)


def order_by(candidates: Candidates, scores: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The candidates' ids and ``scores``, best first."""
    order = np.lexsort((candidates.ids, -scores))
    return candidates.ids[order], scores[order]


def by_ranks(candidates: Candidates) -> tuple[np.ndarray, np.ndarray]:
    """Reciprocal rank fusion with k = 60 (Cormack, Clarke and Büttcher, 2009)."""
    total = np.zeros(len(candidates.ids))
    for scores in (candidates.dense, candidates.bm25):
        ranks = np.empty(len(scores))
        ranks[np.lexsort((candidates.ids, -scores))] = np.arange(1, len(scores) + 1)
        listed = (ranks <= DEPTH) & ((scores > 0) | (scores is candidates.dense))
        total += np.where(listed, 1 / (60 + ranks), 0)
    return order_by(candidates, total)


def by_sum(share: float, bound: str) -> Way:
    """A convex sum with ``share`` for BM25 over its maximum or over its ceiling."""

    def rank(candidates: Candidates) -> tuple[np.ndarray, np.ndarray]:
        top = candidates.bm25.max(initial=0) if bound == "maximum" else candidates.ceiling
        words = candidates.bm25 / max(top, 1e-6)
        return order_by(candidates, (1 - share) * candidates.dense + share * words)

    return rank


WAYS: dict[str, Way] = {
    "dense": lambda c: order_by(c, c.dense),
    "bm25": lambda c: order_by(c, c.bm25 + 1e-6 * c.dense),
    "RRF(60)": by_ranks,
    **{f"sum {share} max": by_sum(share, "maximum") for share in (0.2, 0.3, 0.4, 0.5)},
    **{f"sum {share} ceiling": by_sum(share, "ceiling") for share in (0.2, 0.3, 0.4, 0.5, 0.6)},
    "mixture, questions": lambda c: fuse(c, QUESTION_MIXTURE),
    "mixture, by form": fuse,
}


def score_way(way: Way, collected: Iterable[Candidates], task: Task) -> np.ndarray:
    """nDCG@10 and Success@1 of the rankings that ``way`` makes."""
    run = []
    for number, candidates in enumerate(collected):
        ids, _ = way(candidates)
        run += [
            ScoredDoc(str(number), str(row), 100.0 - rank)
            for rank, row in enumerate(ids[:10].tolist())
        ]
    qrels = [
        Qrel(str(number), str(row), grade)
        for number, grades in enumerate(task.grades)
        for row, grade in grades.items()
    ]
    values = ir_measures.calc_aggregate(MEASURES, qrels, run)
    return np.array([values[measure] for measure in MEASURES])


def read_training(data: Path) -> dict[str, Task]:
    """The training tasks by name."""
    tasks = {name: read_squad(*parts, data / "train") for name, parts in TRAINING.items()}
    joined = {
        f"{name} x{count}": join_questions(tasks[name], count) for name, count in JOINED.items()
    }
    return tasks | {"trecqa": read_beir(data / "train" / "trecqa_train")} | joined


def read_held_out(data: Path) -> dict[str, Task]:
    """The held-out sets by name."""
    return {
        name: read_beir(data / part, FIRST_QUESTIONS.get(name)) for name, part in HELD_OUT.items()
    }


def compare(tasks: dict[str, Task], cache: Path) -> dict[str, dict[str, list[float]]]:
    """Print and give every way's nDCG@10 and Success@1 on every task."""
    table: dict[str, dict[str, list[float]]] = {way: {} for way in WAYS}
    for name, task in tasks.items():
        collected = collect_candidates(task, cache)
        for way, rank in WAYS.items():
            table[way][name] = score_way(rank, collected, task).round(4).tolist()
    print(" ".join([f"{'nDCG@10/Success@1':20}", *(f"{name:9}" for name in tasks)]))
    for way, row in table.items():
        cells = (f"{ndcg:.3f}/{first:.3f}".replace("0.", ".") for ndcg, first in row.values())
        print(" ".join([f"{way:20}", *cells]))
    return table


def draw_mixture(rng: np.random.Generator) -> Mixture:
    """A random mixture."""
    by_meaning, by_words, _ = rng.dirichlet([1, 1, 1.5])
    return Mixture(
        float(by_meaning), float(by_words), rng.uniform(0.2, 1.2), *rng.uniform(5, 25, 3).tolist()
    )


def tune(tasks: dict[str, Task], cache: Path, trials: int, sample: int) -> None:
    """Print the best of random mixtures, and what the choice gives on a task left out of it.

    One mixture for questions of every form is drawn at a time.

    A mixture is worth its mean over the tasks less twice what it loses, on the mean, to the better
    retriever of a task.
    """
    rng = np.random.default_rng(0)
    mixtures = [QUESTION_MIXTURE, *(draw_mixture(rng) for _ in range(trials))]
    gains = np.zeros((len(mixtures), len(tasks), len(MEASURES)))
    for column, task in enumerate(tasks.values()):
        collected = collect_candidates(task, cache)
        keep = sorted(rng.permutation(len(collected))[:sample].tolist())
        part = Task([], [task.questions[i] for i in keep], [task.grades[i] for i in keep])
        chosen = [collected[i] for i in keep]
        best = np.maximum(*(score_way(WAYS[name], chosen, part) for name in ("dense", "bm25")))
        for row, mixture in enumerate(mixtures):
            gains[row, column] = score_way(partial(fuse, mixture=mixture), chosen, part) - best
    names = list(tasks)
    for column, name in enumerate(names):
        group = next((group for group in TOGETHER if name in group), {name})
        others = [i for i, other in enumerate(names) if other not in group]
        picked = int(np.argmax(value_mixtures(gains[:, others])))
        print(
            f"{name:10} left out: gain over the better retriever {gains[picked, column].round(4)}"
        )
    for row in np.argsort(-value_mixtures(gains))[:5]:
        mean, worst = gains[row].mean(0).round(4), gains[row].min(0).round(4)
        print(f"mean gain {mean} worst {worst} {asdict(mixtures[row])}")
    print(f"ours: mean gain {gains[0].mean(0).round(4)} worst {gains[0].min(0).round(4)}")


def value_mixtures(gains: np.ndarray) -> np.ndarray:
    """How good each mixture is by its ``(mixtures, tasks, measures)`` gains."""
    value: np.ndarray = gains.mean((1, 2)) + 2 * np.minimum(gains, 0).mean((1, 2))
    return value


def main() -> None:
    """Run what the command line names."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=["compare", "tune", "measure"])
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--out", type=Path, help="also write the table as JSON")
    parser.add_argument("--trials", type=int, default=400)
    parser.add_argument("--sample", type=int, default=300, help="questions a task, in tune")
    options = parser.parse_args()
    beside = Path(__file__).resolve().parents[1].parent / "shared" / "data"
    data = Path(os.environ.get("DATELINE_DATA", beside))
    if options.what == "tune":
        tune(read_training(data), options.cache, options.trials, options.sample)
        return
    tasks = read_held_out(data) if options.what == "measure" else read_training(data)
    table = compare(tasks, options.cache)
    if options.out:
        options.out.write_text(json.dumps(table, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
