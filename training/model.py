"""The network: MiniLM with span heads, an answerability head and a relevance head."""

from pathlib import Path

import torch
from torch import Tensor, nn

HIDDEN = 384


class ReaderNetwork(nn.Module):
    """A BERT encoder whose hidden states say where the answer is, and its [CLS] whether it is.

    ``span``: start and end logits of every token; at [CLS], of no answer (Devlin et al. 2019).
    ``pooled``: [CLS] → answerable and relevance logits. Dropout is 0: on two cores its random
    numbers cost more than they bring in one or two passes.
    """

    def __init__(self, encoder: nn.Module) -> None:
        super().__init__()
        self.encoder = encoder
        self.span = nn.Linear(HIDDEN, 2)
        self.pooled = nn.Linear(HIDDEN, 2)

    def forward(self, ids: Tensor, types: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """Span logits (batch, tokens, 2), padding at -1e4, and pooled logits (batch, 2)."""
        states = self.encoder(
            input_ids=ids, token_type_ids=types, attention_mask=mask
        ).last_hidden_state
        span = self.span(states).float()
        return span.masked_fill(mask.unsqueeze(-1) == 0, -1e4), self.pooled(states[:, 0]).float()


def make_network(folder: Path) -> ReaderNetwork:
    """A network with the encoder's weights from ``folder`` and new heads; embeddings frozen."""
    from transformers import BertModel

    encoder = BertModel.from_pretrained(
        folder, attn_implementation="eager", add_pooling_layer=False
    )
    for module in encoder.modules():
        if isinstance(module, nn.Dropout):
            module.p = 0.0
    for name, parameter in encoder.named_parameters():
        if "word_embeddings" in name or "position_embeddings" in name:
            parameter.requires_grad = False
    encoder.embeddings.register_forward_hook(keep_half)
    return ReaderNetwork(encoder)


def keep_half(module: nn.Module, inputs: tuple[Tensor, ...], states: Tensor) -> Tensor:
    """The embeddings in bfloat16 under autocast, so that no layer converts them back and forth."""
    return states.bfloat16() if torch.is_autocast_enabled("cpu") else states
