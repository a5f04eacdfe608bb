"""Data-parallel training over the cards of one host, started by torchrun; a pattern to put your own model into.

What makes it resume: every rank writes its part of a checkpoint with torch.distributed.checkpoint, whose `.metadata` appears last; model and
optimizer go through the state-dict helpers, which also load what another number of cards has saved; and the samples of a step follow from
seed and step alone, split over however many cards there are now.

torchrun passes SIGTERM on to the ranks, and would itself die of any other signal: a checkpoint is asked for by the file SAVE_NOW. After each
step the ranks agree whether to save or to stop, since a checkpoint is written by all of them or by none.
"""

import hashlib
import json
import os
import signal
import sys
from pathlib import Path

os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")

import torch
import torch.distributed as dist
import torch.distributed.checkpoint as dcp
from torch import nn
from torch.distributed.checkpoint.state_dict import get_state_dict, set_state_dict
from torch.nn.parallel import DistributedDataParallel

STEPS = int(os.environ.get("STEPS", "2000"))
SAVE_EVERY = int(os.environ.get("SAVE_EVERY", "200"))
BATCH = int(os.environ.get("BATCH", "64"))
SEED = int(os.environ.get("SEED", "1"))
WIDTH = 32

CHECKPOINTS = Path(os.environ["ORCHESTRATOR_CHECKPOINT_DIR"])
OUTPUT = Path(os.environ["ORCHESTRATOR_OUTPUT_DIR"])
SAVE_NOW = CHECKPOINTS / "SAVE_NOW"
PROGRESS = Path(os.environ["ORCHESTRATOR_PROGRESS_FILE"])


def samples_of(step, device):
    """The whole batch of a step: made up here, read from your data set there. Never depends on what ran before."""
    source = torch.Generator().manual_seed(SEED * 1_000_003 + step)
    inputs = torch.randn(BATCH, WIDTH, generator=source)
    return inputs.to(device), torch.sin(inputs.sum(1, keepdim=True)).to(device)


def save(step, model, optimizer):
    weights, moments = get_state_dict(model, optimizer)
    dcp.save({"model": weights, "optimizer": moments, "step": torch.tensor(step)}, checkpoint_id=str(CHECKPOINTS / ("step-%08d" % step)))


def restore(entry, model, optimizer):
    weights, moments = get_state_dict(model, optimizer)
    state = {"model": weights, "optimizer": moments, "step": torch.tensor(0)}
    dcp.load(state, checkpoint_id=entry)
    set_state_dict(model, optimizer, model_state_dict=state["model"], optim_state_dict=state["optimizer"])
    return int(state["step"])


def anybody(stop, save, device):
    """Whether one of the ranks was asked to stop, to save."""
    asked = torch.tensor([float(stop), float(save)], device=device)
    dist.all_reduce(asked, op=dist.ReduceOp.MAX)
    return [one > 0 for one in asked.tolist()]


def main():
    told = []
    signal.signal(signal.SIGTERM, lambda *_: told.append(True))

    cuda = torch.cuda.is_available()
    dist.init_process_group("nccl" if cuda else "gloo")
    rank, world = dist.get_rank(), dist.get_world_size()
    if BATCH % world:
        sys.exit("BATCH=%d cannot be split evenly over %d cards; choose a multiple" % (BATCH, world))
    if cuda:
        torch.cuda.set_device(int(os.environ["LOCAL_RANK"]))
    else:
        torch.set_num_threads(1)
    device = torch.device("cuda" if cuda else "cpu")
    torch.use_deterministic_algorithms(True)
    torch.manual_seed(SEED)

    network = nn.Sequential(nn.Linear(WIDTH, 64), nn.Tanh(), nn.Linear(64, 1)).to(device)
    model = DistributedDataParallel(network)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
    for folder in (CHECKPOINTS, OUTPUT, PROGRESS.parent):
        folder.mkdir(parents=True, exist_ok=True)

    step = 0
    resume_from = os.environ.get("ORCHESTRATOR_RESUME_FROM")  # empty on the first attempt
    if resume_from:
        step = restore(resume_from, model, optimizer)
        if rank == 0:
            print("resumed at step %d of %d on %d processes" % (step, STEPS, world), flush=True)

    share = BATCH // world
    loss = torch.zeros(())
    while step < STEPS:
        inputs, wanted = samples_of(step, device)
        mine = slice(rank * share, (rank + 1) * share)
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(model(inputs[mine]), wanted[mine])
        loss.backward()
        optimizer.step()
        step += 1
        if rank == 0 and (step % 10 == 0 or step == STEPS):
            with open(PROGRESS, "a") as progress:
                progress.write(json.dumps({"step": step, "total": STEPS, "loss": round(loss.item(), 6)}) + "\n")
        stop, wish = anybody(bool(told), rank == 0 and SAVE_NOW.exists(), device)
        if step % SAVE_EVERY == 0 or step == STEPS or stop or wish:
            if rank == 0:
                SAVE_NOW.unlink(missing_ok=True)
            save(step, model, optimizer)
        if stop and step < STEPS:
            dist.destroy_process_group()
            return 128 + signal.SIGTERM

    if rank == 0:
        sha = hashlib.sha256()
        for name, value in sorted(network.state_dict().items()):
            sha.update(name.encode() + value.detach().cpu().contiguous().numpy().tobytes())
        torch.save(network.state_dict(), OUTPUT / "model.pt")
        (OUTPUT / "result.json").write_text(json.dumps({"steps": step, "weights_sha256": sha.hexdigest()}) + "\n")
        print("done: step %d, loss %.6f" % (step, loss.item()), flush=True)
    dist.destroy_process_group()
    return 0


if __name__ == "__main__":
    sys.exit(main())
