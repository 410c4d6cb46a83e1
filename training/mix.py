"""How often the questions of each set are taken in an epoch, and with how many negatives."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mix:
    """How often questions of a set are taken in an epoch, and with how many negatives each."""

    share: float
    hard: float
    corrupted: float
    cut: float = 0.0


MIX = {
    "squad_train_du": Mix(1.0, 0.6, 0.45, 0.35),
    "squad_train_mrqa_part": Mix(1.0, 0.6, 0.45, 0.35),
    "squad_train_subset": Mix(1.0, 0.6, 0.45, 0.35),
    "squadshifts_new_wiki": Mix(1.0, 0.6, 0.45, 0.35),
    "squadshifts_reddit": Mix(0.5, 0.5, 0.3, 0.1),
    "squadshifts_amazon": Mix(0.4, 0.5, 0.3, 0.1),
    "nq_oracle": Mix(1.0, 1.5, 0.4, 0.25),
    "qed_dev": Mix(1.0, 1.5, 0.4, 0.25),
    "timeqa_train": Mix(1.0, 1.2, 0.6, 0.25),
    "qamr_dev": Mix(0.3, 0.5, 0.4),
    "qamr_test": Mix(0.3, 0.5, 0.4),
    "subjqa_train": Mix(0.4, 0.2, 0.1),
    "policyqa_dev": Mix(0.15, 0.4, 0.0),
    "policyqa_test": Mix(0.15, 0.4, 0.0),
    "fairytaleqa_train": Mix(0.6, 0.6, 0.2),
    "fairytaleqa_val": Mix(0.6, 0.6, 0.2),
}
"""The sets that look like news and encyclopedias whole; reviews, policies and tales more thinly."""
