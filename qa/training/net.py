"""The reader's network and its losses (torch: training only)."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from qa.training.groups import Row
from qa.training.quick import encode, halves

SHARES = {  # of the losses
    "span": 1.0, "answerable": 0.5, "sentences": 0.5, "relevance": 0.5, "supported": 0.5, "contradicted": 0.3
}  # fmt: skip
FAR = -1e4  # a logit that is never chosen


class Net(nn.Module):
    """A BERT encoder with three logits per token (start, end, answering) and four per window.

    The window's are: how relevant it is, whether it answers, and, for a claim in the question's place, whether it
    supports the claim, and whether it contradicts it.
    """

    def __init__(self, encoder: Any) -> None:
        """Wraps an encoder whose output has last_hidden_state."""
        super().__init__()
        self.encoder = encoder
        self.tokens = nn.Linear(encoder.config.hidden_size, 3)
        self.whole = nn.Linear(encoder.config.hidden_size, 4)

    def forward(self, input_ids: Tensor, token_type_ids: Tensor, attention_mask: Tensor) -> tuple[Tensor, Tensor]:
        """Logits (rows, tokens, 3) and (rows, 4)."""
        states = self.encoder(
            input_ids=input_ids, token_type_ids=token_type_ids, attention_mask=attention_mask
        ).last_hidden_state
        return self.heads(states)

    def heads(self, states: Tensor) -> tuple[Tensor, Tensor]:
        """Logits (rows, tokens, 3) and (rows, 4) from the encoder's last states."""
        return self.tokens(states), self.whole(states[:, 0])


def backbone(folder: Path | str) -> Any:
    """The encoder of a local model folder, without dropout: on a processor its random numbers cost half the speed."""
    from transformers import AutoConfig, AutoModel

    config = AutoConfig.from_pretrained(folder, local_files_only=True)
    config.hidden_dropout_prob = config.attention_probs_dropout_prob = 0.0
    return AutoModel.from_pretrained(
        folder, config=config, add_pooling_layer=False, attn_implementation="eager", local_files_only=True
    )


def has_halves() -> bool:
    """Whether the processor computes in bf16: one that must emulate it is a hundred times slower."""
    return bool(torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported())


def halved(device: str) -> torch.autocast:
    """Computing in bf16, where the device does."""
    known = device != "cpu" or has_halves()
    return torch.autocast(device, dtype=torch.bfloat16, enabled=known)


@dataclass(frozen=True, slots=True)
class Outputs:
    """The network's logits for rows of unlike lengths: per row (tokens, 3), and (rows, 4)."""

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


def run(net: Net, pieces: Sequence[Sequence[Row]], device: str = "cpu") -> Outputs:
    """All pieces of a step, each in its own forward pass."""
    tokens: list[Tensor] = []
    wholes: list[Tensor] = []
    weights = halves(net.encoder) if device == "cpu" and has_halves() else []
    for piece in pieces:
        given = {name: value.to(device) for name, value in inputs(piece).items()}
        if weights:
            token, whole = net.heads(encode(net.encoder, weights, given))
        else:
            with halved(device):
                token, whole = net(**given)
        tokens += [token[n, : len(row.window.ids)].float() for n, row in enumerate(piece)]
        wholes.append(whole.float())
    return Outputs(tokens, torch.cat(wholes))


def span_loss(row: Row, logits: Tensor) -> Tensor:
    """Cross-entropy of start and end over the passage's tokens and [CLS], which stands for "no answer".

    Where only the answering sentences are known, it is of start and end being somewhere in them.
    """
    outside = torch.from_numpy(row.sentences < 0).to(logits.device)
    outside[0] = False
    masked = logits[:, :2].masked_fill(outside[:, None], FAR)
    if row.start < 0:
        inside = torch.from_numpy(np.isin(row.sentences, row.answering)).to(logits.device)
        return (torch.logsumexp(masked, 0) - torch.logsumexp(masked[inside], 0)).mean()
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


def declined_loss(rows: Sequence[Row], logits: Tensor) -> Tensor:
    """Does each window answer: binary cross-entropy per row."""
    gold = torch.tensor([float(row.answerable) for row in rows], device=logits.device)
    return F.binary_cross_entropy_with_logits(logits, gold, reduction="none")


def claim_loss(labels: Sequence[int], logits: Tensor) -> Tensor:
    """Does each window support its claim, or contradict it: mean binary cross-entropy; -1: not known."""
    known = [n for n, label in enumerate(labels) if label >= 0]
    gold = torch.tensor([float(labels[n]) for n in known], device=logits.device)
    return F.binary_cross_entropy_with_logits(logits[known], gold) if known else logits.sum() * 0.0


def weighted(values: Sequence[Tensor] | Tensor, rows: Sequence[Row], zero: Tensor) -> Tensor:
    """Mean of the rows' values by the rows' weights; `zero` when there are none."""
    if not rows:
        return zero
    weight = torch.tensor([row.weight for row in rows], device=zero.device)
    return (torch.stack(list(values)) * weight).sum() / weight.sum()


def losses(rows: Sequence[Row], outputs: Outputs) -> dict[str, Tensor]:
    """The six losses of a step, and their weighted sum as "all"."""
    asked = [n for n, row in enumerate(rows) if row.supported < 0]
    claims = [n for n, row in enumerate(rows) if row.supported >= 0]
    known = [n for n in asked if rows[n].start >= 0 or rows[n].answering]
    questions, whole, zero = [rows[n] for n in asked], outputs.whole, outputs.whole.sum() * 0.0
    sentence = [sentence_loss(rows[n], outputs.tokens[n]) for n in asked]
    spans = [span_loss(rows[n], outputs.tokens[n]) for n in known]
    parts = {
        "span": weighted(spans, [rows[n] for n in known], zero),
        "answerable": weighted(declined_loss(questions, whole[asked, 1]), questions, zero),
        "sentences": weighted(sentence, questions, zero),
        "relevance": relevance_loss(questions, whole[asked, 0]),
        "supported": claim_loss([rows[n].supported for n in claims], whole[claims, 2]),
        "contradicted": claim_loss([rows[n].contradicted for n in claims], whole[claims, 3]),
    }
    parts["all"] = torch.stack([SHARES[name] * loss for name, loss in parts.items()]).sum()
    return parts
