"""The reader's network and its losses (torch: training only)."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from qa.training.groups import Row

SPAN, ANSWERABLE, SENTENCES, RELEVANCE = 1.0, 0.5, 0.5, 0.5  # shares of the four losses
FAR = -1e4  # a logit that is never chosen


class Net(nn.Module):
    """A BERT encoder, three logits per token (start, end, answering) and two per window (relevance, answerable)."""

    def __init__(self, encoder: Any) -> None:
        """Wraps an encoder whose output has last_hidden_state."""
        super().__init__()
        self.encoder = encoder
        self.tokens = nn.Linear(encoder.config.hidden_size, 3)
        self.whole = nn.Linear(encoder.config.hidden_size, 2)

    def forward(self, input_ids: Tensor, token_type_ids: Tensor, attention_mask: Tensor) -> tuple[Tensor, Tensor]:
        """Logits (rows, tokens, 3) and (rows, 2)."""
        states = self.encoder(
            input_ids=input_ids, token_type_ids=token_type_ids, attention_mask=attention_mask
        ).last_hidden_state
        return self.tokens(states), self.whole(states[:, 0])


def backbone(folder: Path | str) -> Any:
    """The encoder of a local model folder, without dropout: on a processor its random numbers cost half the speed."""
    from transformers import AutoConfig, AutoModel

    config = AutoConfig.from_pretrained(folder, local_files_only=True)
    config.hidden_dropout_prob = config.attention_probs_dropout_prob = 0.0
    return AutoModel.from_pretrained(
        folder, config=config, add_pooling_layer=False, attn_implementation="sdpa", local_files_only=True
    )


@dataclass(frozen=True, slots=True)
class Outputs:
    """The network's logits for rows of unlike lengths: per row (tokens, 3), and (rows, 2)."""

    tokens: list[Tensor]
    whole: Tensor


def inputs(rows: Sequence[Row]) -> dict[str, Tensor]:
    """The padded tensors of a piece."""
    longest = max(len(row.window.ids) for row in rows)
    ids = torch.zeros(len(rows), longest, dtype=torch.long)
    types, mask = torch.zeros_like(ids), torch.zeros_like(ids)
    for n, row in enumerate(rows):
        size = len(row.window.ids)
        ids[n, :size] = torch.tensor(row.window.ids)
        types[n, :size] = torch.tensor(row.window.types)
        mask[n, :size] = 1
    return {"input_ids": ids, "token_type_ids": types, "attention_mask": mask}


def run(net: nn.Module, pieces: Sequence[Sequence[Row]], device: str = "cpu") -> Outputs:
    """All pieces of a step, each in its own forward pass."""
    tokens: list[Tensor] = []
    wholes: list[Tensor] = []
    for piece in pieces:
        with torch.autocast(device, dtype=torch.bfloat16, cache_enabled=False):  # two threads run at once
            token, whole = net(**{name: value.to(device) for name, value in inputs(piece).items()})
        tokens += [token[n, : len(row.window.ids)].float() for n, row in enumerate(piece)]
        wholes.append(whole.float())
    return Outputs(tokens, torch.cat(wholes))


def span_loss(row: Row, logits: Tensor) -> Tensor:
    """Cross-entropy of start and end over the passage's tokens and [CLS], which stands for "no answer"."""
    outside = torch.from_numpy(row.sentences < 0).to(logits.device)
    outside[0] = False
    masked = logits[:, :2].masked_fill(outside[:, None], FAR)
    gold = torch.tensor([row.start, row.end], device=logits.device)
    return F.cross_entropy(masked.T, gold)


def sentence_logits(numbers: Tensor, logits: Tensor) -> tuple[Tensor, Tensor]:
    """Mean token logit of each sentence in the window, and the sentences' numbers."""
    inside = numbers >= 0
    found, place = torch.unique(numbers[inside], return_inverse=True)
    sums = torch.zeros(len(found), device=logits.device).index_add(0, place, logits[inside])
    return sums / torch.bincount(place, minlength=len(found)), found


def sentence_loss(row: Row, logits: Tensor) -> Tensor:
    """Does each sentence answer: binary cross-entropy, summed over the sentences of the window, at most 4 counted."""
    numbers = torch.from_numpy(row.sentences).long().to(logits.device)
    scores, found = sentence_logits(numbers, logits[:, 2])
    gold = torch.isin(found, torch.tensor(row.answering or (-2,), device=logits.device)).float()
    return F.binary_cross_entropy_with_logits(scores, gold) * min(4.0, float(len(found))) / 2


def relevance_loss(rows: Sequence[Row], logits: Tensor) -> Tensor:
    """Mean over groups of the softmax cross-entropy that puts the relevant row first."""
    losses = []
    for group in sorted({row.group for row in rows if row.group >= 0}):
        members = [n for n, row in enumerate(rows) if row.group == group]
        first = [n for n in members if rows[n].relevant]
        if len(members) > 1 and len(first) == 1:
            losses.append(torch.logsumexp(logits[members], 0) - logits[first[0]])
    return torch.stack(losses).mean() if losses else logits.sum() * 0.0


def losses(rows: Sequence[Row], outputs: Outputs) -> dict[str, Tensor]:
    """The four losses of a step, and their weighted sum as "all"."""
    device = outputs.whole.device
    weight = torch.tensor([row.weight for row in rows], device=device)
    known = [n for n, row in enumerate(rows) if row.start >= 0]
    spans = torch.stack([span_loss(rows[n], outputs.tokens[n]) for n in known])
    answerable = torch.tensor([float(row.answerable) for row in rows], device=device)
    declined = F.binary_cross_entropy_with_logits(outputs.whole[:, 1], answerable, reduction="none")
    sentence = torch.stack([sentence_loss(row, logits) for row, logits in zip(rows, outputs.tokens, strict=True)])
    parts = {
        "span": (spans * weight[known]).sum() / weight[known].sum(),
        "answerable": (declined * weight).sum() / weight.sum(),
        "sentences": (sentence * weight).sum() / weight.sum(),
        "relevance": relevance_loss(rows, outputs.whole[:, 0]),
    }
    shares = {"span": SPAN, "answerable": ANSWERABLE, "sentences": SENTENCES, "relevance": RELEVANCE}
    parts["all"] = torch.stack([shares[name] * loss for name, loss in parts.items()]).sum()
    return parts
