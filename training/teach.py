"""What the untrained cross-encoder gives retrieved passages: the relevance that training keeps."""

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from training.encode import Sequence, pad_batch
from training.model import make_network

BATCH = 8
KEPT_EVERY = 2048
"""Scores after which a file is written, with which what was stopped goes on."""

TAUGHT_EVERY = 3
"""The teacher is asked about every so-many-th: the rest is kept near by what it says of those."""

Groups = list[list[Sequence]]


def teach(groups: Groups, start: Path, folder: Path, processes: int) -> Groups:
    """The groups with the teacher's scores where the question is one of the passage.

    A changed question or passage has none: its relevance is beside the point. Processes of one
    thread each score every so many items.
    """
    from torch.multiprocessing.spawn import start_processes

    items = [item for group in groups for item in group if is_taught(item)][::TAUGHT_EVERY]
    start_processes(score, (items, start, folder, processes), nprocs=processes, start_method="fork")
    scores = np.empty(len(items), np.float32)
    for rank in range(processes):
        part = scores[rank::processes]
        part[:] = np.load(name_part(folder, rank))[: len(part)]
    known = dict(zip(map(id, items), scores.tolist(), strict=True))
    return [
        [replace(item, teacher=known.get(id(item), math.nan)) for item in group] for group in groups
    ]


def is_taught(item: Sequence) -> bool:
    """Whether a sequence's relevance is what the teacher says."""
    return item.relevance >= 0 or item.answerable < 0


def score(rank: int, items: list[Sequence], start: Path, folder: Path, processes: int) -> None:
    """Score every so-many-th item in one process, into its own file."""
    torch.set_num_threads(1)
    mine, kept = items[rank::processes], name_part(folder, rank)
    scores: NDArray[np.float32] = np.load(kept) if kept.is_file() else np.empty(0, np.float32)
    network = make_network(start).eval()
    while len(scores) < len(mine):
        part = mine[len(scores) : len(scores) + KEPT_EVERY]
        order = sorted(range(len(part)), key=lambda row: len(part[row].ids))
        found = np.empty(len(part), np.float32)
        for at in range(0, len(order), BATCH):
            rows = order[at : at + BATCH]
            with torch.inference_mode(), torch.autocast("cpu", dtype=torch.bfloat16):
                found[rows] = network(*pad_batch([part[row] for row in rows]))[1][:, 1].numpy()
        scores = np.concatenate([scores, found])
        np.save(kept, scores)


def name_part(folder: Path, rank: int) -> Path:
    """Where a process keeps its scores."""
    return folder / f"teacher{rank}.npy"
