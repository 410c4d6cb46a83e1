"""The network: the cross-encoder with a span head and an answerability head beside its own."""

from pathlib import Path

import torch
from torch import Tensor, nn

HIDDEN = 384
LAYERS = 12


class ReaderNetwork(nn.Module):
    """A BERT cross-encoder whose hidden states also say where the answer is and whether it is.

    ``span``: start and end logits of every token; at [CLS], of no answer (Devlin et al. 2019).
    ``answerable``: [CLS] → log odds that the passage answers. ``relevance``: [CLS] through the
    pooler, as in the cross-encoder that it starts from. Dropout is 0: on two cores its random
    numbers cost more than they bring in one or two passes.
    """

    def __init__(self, encoder: nn.Module) -> None:
        super().__init__()
        self.encoder = encoder
        self.span = nn.Linear(HIDDEN, 2)
        self.answerable = nn.Linear(HIDDEN, 1)
        self.pooler = nn.Linear(HIDDEN, HIDDEN)
        self.relevance = nn.Linear(HIDDEN, 1)

    def forward(self, ids: Tensor, types: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """Span logits (batch, tokens, 2), padding at -1e4; answerable and relevance (batch, 2)."""
        states = self.encoder(
            input_ids=ids, token_type_ids=types, attention_mask=mask
        ).last_hidden_state
        span = self.span(states).float()
        first = states[:, 0]
        pooled = torch.cat(
            [self.answerable(first), self.relevance(torch.tanh(self.pooler(first)))], 1
        )
        return span.masked_fill(mask.unsqueeze(-1) == 0, -1e4), pooled.float()


def make_network(start: Path) -> ReaderNetwork:
    """A network with the weights of ``training.cross_encoder`` and two new heads.

    The embeddings of words and places are frozen.
    """
    from safetensors.torch import load_file
    from transformers import BertConfig, BertModel

    config = BertConfig(
        hidden_size=HIDDEN,
        num_hidden_layers=LAYERS,
        num_attention_heads=12,
        intermediate_size=4 * HIDDEN,
    )
    config._attn_implementation = "eager"
    encoder = BertModel(config, add_pooling_layer=False)
    network = ReaderNetwork(encoder)
    own = {"pooler.dense.": "pooler.", "classifier.": "relevance."}
    weights = {}
    for name, tensor in load_file(start).items():
        prefix = next((prefix for prefix in own if name.startswith(prefix)), None)
        weights[name.replace(prefix, own[prefix]) if prefix else f"encoder.{name}"] = tensor
    missing, unknown = network.load_state_dict(weights, strict=False)
    new = {"span.weight", "span.bias", "answerable.weight", "answerable.bias"}
    if unknown or set(missing) - new:
        raise ValueError(f"{start} does not hold the cross-encoder: {missing} {unknown}")
    for module in network.modules():
        if isinstance(module, nn.Dropout):
            module.p = 0.0
    for name, parameter in network.named_parameters():
        if "word_embeddings" in name or "position_embeddings" in name:
            parameter.requires_grad = False
    encoder.embeddings.register_forward_hook(keep_half)
    return network


def keep_half(module: nn.Module, inputs: tuple[Tensor, ...], states: Tensor) -> Tensor:
    """The embeddings in bfloat16 under autocast, so that no layer converts them back and forth."""
    return states.bfloat16() if torch.is_autocast_enabled("cpu") else states
