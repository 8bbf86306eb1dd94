"""The gradients of a step, by processes that share the network: compiled layers hold Python's lock."""

import signal
from collections.abc import Sequence
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Any, Self

import torch
from torch import Tensor

from qa.training.groups import Row, bound, bundles
from qa.training.net import Net, losses, run

PIECE_TOKENS = 1_250  # of one forward pass


def backward(net: Net, rows: Sequence[Row], share: float, device: str) -> dict[str, float]:
    """Adds the gradients of one bundle, which is `share` of its step; the losses, weighted so."""
    pieces = bound(rows, PIECE_TOKENS)
    found = losses([row for piece in pieces for row in piece], run(net, pieces, device))
    (found["all"] * share).backward()  # type: ignore[no-untyped-call]
    return {name: float(loss.detach()) * share for name, loss in found.items()}


def laid_out(net: Net, flat: Tensor) -> None:
    """Makes `flat` hold the gradients of the network, one parameter after the other."""
    at = 0
    for one in trained(net):
        one.grad = flat[at : at + one.numel()].view_as(one)
        at += one.numel()


def trained(net: Net) -> list[torch.nn.Parameter]:
    """The parameters that learn."""
    return [one for one in net.parameters() if one.requires_grad]


def work(net: Net, flat: Tensor, device: str, pipe: Connection) -> None:
    """One process: gradients of the rows that it is sent, into `flat`; the team ends it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C ends the run, which ends its processes
    torch.set_num_threads(1)
    net.train()
    laid_out(net, flat)
    while True:
        rows, share = pipe.recv()
        flat.zero_()
        pipe.send(backward(net, rows, share, device))


class Team:
    """Computes gradients by `count` processes, or in this one, when there are none (a GPU)."""

    def __init__(self, net: Net, device: str, count: int) -> None:
        """Starts them; the network's parameters are theirs from now on as well."""
        self.net, self.device = net, device
        size = sum(one.numel() for one in trained(net))
        self.flats = [torch.zeros(size, device=device) for _ in range(max(1, count))]
        for flat in self.flats:
            flat.share_memory_()  # type: ignore[no-untyped-call]
        laid_out(net, self.flats[0])
        self.pipes: list[Connection] = []
        self.processes: list[Any] = []
        context = torch.multiprocessing.get_context("spawn")
        for flat in self.flats[:count]:
            here, there = context.Pipe()
            process = context.Process(target=work, args=(net.share_memory(), flat, device, there), daemon=True)
            process.start()
            there.close()  # a process that dies is noticed
            self.pipes.append(here)
            self.processes.append(process)

    def gradients(self, draws: Sequence[Sequence[Row]]) -> dict[str, float]:
        """Puts the gradients of a step into the network's parameters; the losses."""
        parts = bundles(draws, len(self.flats))
        total = sum(len(part) for part in parts)
        jobs = [(part, len(part) / total) for part in parts]
        if not self.pipes:
            self.flats[0].zero_()
            return backward(self.net, *jobs[0], self.device)
        busy = self.pipes[: len(jobs)]
        for pipe, job in zip(busy, jobs, strict=True):
            pipe.send(job)
        found = [pipe.recv() for pipe in busy]
        for flat in self.flats[1 : len(jobs)]:
            self.flats[0] += flat
        return {name: sum(one[name] for one in found) for name in found[0]}

    def __enter__(self) -> Self:
        """The team."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Ends the processes."""
        for process in self.processes:
            process.terminate()
            process.join()
