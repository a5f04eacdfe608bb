"""Learns to read handwritten digits with a small convolutional network in PyTorch.

What it takes for an interrupted run to end with the same weights as one that was not, and where that is done here:

- all that the next step depends on is in the checkpoint: weights, optimizer, and the state of the random numbers that
  dropout draws from (`save`, `restore`); the learning rate follows from the step alone (`rate_at`);
- the order of the samples follows from seed and epoch alone (`order_of`), so the step says where in the data we are;
- sums are added in the same order every time: one thread, deterministic kernels (`main`);
- a checkpoint is written under a hidden name, flushed to disk, and renamed in one step, so it is never half there;
- on SIGTERM it saves and leaves with 143.

It is told where things lie by ORCHESTRATOR_* variables; without them it runs by hand, in the system's temp folder. Its own
knobs are STEPS, SAVE_EVERY, SEED and PACE (seconds to wait after each step, to have something to watch).
"""

import gzip
import hashlib
import json
import os
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")  # without it cuBLAS may add up differently each time

import torch
from torch import nn
from torch.nn import functional

BATCH = 32
HELD_OUT = 360  # the last rows: other people's handwriting than most of what is learned from
LEARNING_RATE, WEIGHT_DECAY = 0.003, 0.01
REPORT_EVERY = 10

STEPS = int(os.environ.get("STEPS", "1200"))
SAVE_EVERY = int(os.environ.get("SAVE_EVERY", "100"))
SEED = int(os.environ.get("SEED", "1"))
PACE = float(os.environ.get("PACE", "0"))

BY_HAND = Path(tempfile.gettempdir()) / "orchestrator-pytorch"


def place(variable, fallback):
    """The folder or file that the orchestrator names, else one that suits a run by hand."""
    return Path(os.environ.get("ORCHESTRATOR_" + variable) or fallback)


def load_digits(folder, device):
    with gzip.open(folder / "digits.csv.gz", "rt") as lines:
        rows = torch.tensor([[int(cell) for cell in line.split(",")] for line in lines])
    images = (rows[:, :64].float() / 16.0).reshape(-1, 1, 8, 8).to(device)
    digits = rows[:, 64].to(device)
    return (images[:-HELD_OUT], digits[:-HELD_OUT]), (images[-HELD_OUT:], digits[-HELD_OUT:])


def new_network():
    return nn.Sequential(
        nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(),
        nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Dropout(0.25),
        nn.Flatten(), nn.Linear(32 * 4 * 4, 64), nn.ReLU(), nn.Dropout(0.5),
        nn.Linear(64, 10))


def order_of(epoch, count):
    return torch.randperm(count, generator=torch.Generator().manual_seed(SEED * 1_000_003 + epoch))


def rate_at(step):
    return LEARNING_RATE * (1.0 - step / STEPS)


def flush(path):
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def save(folder, step, network, optimizer):
    """Writes the entry step-NNNNNN so that it appears complete or not at all."""
    entry = folder / ("step-%06d" % step)
    draft = folder / (".%s.tmp" % entry.name)
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir()
    random = {"cpu": torch.get_rng_state()}
    if torch.cuda.is_available():
        random["cuda"] = torch.cuda.get_rng_state()
    torch.save(network.state_dict(), draft / "model.pt")  # alone in its file: what one wants in the end
    torch.save({"optimizer": optimizer.state_dict(), "random": random}, draft / "training.pt")
    (draft / "state.json").write_text(json.dumps({"step": step, "total": STEPS, "seed": SEED}))
    for file in draft.iterdir():
        flush(file)
    flush(draft)
    if entry.exists():  # left there by an earlier run in the same folder
        shutil.rmtree(entry)
    os.rename(draft, entry)
    flush(folder)


def restore(entry, network, optimizer, device):
    """Loads a checkpoint and returns its step; a damaged one is an error, never a silent start from nothing."""
    try:
        state = json.loads((entry / "state.json").read_text())
        if state["seed"] != SEED:
            raise ValueError("saved with SEED=%s, this run has SEED=%s" % (state["seed"], SEED))
        network.load_state_dict(torch.load(entry / "model.pt", map_location=device))
        training = torch.load(entry / "training.pt", map_location="cpu")
        optimizer.load_state_dict(training["optimizer"])
        torch.set_rng_state(training["random"]["cpu"])
        if torch.cuda.is_available() and "cuda" in training["random"]:
            torch.cuda.set_rng_state(training["random"]["cuda"])
        return state["step"]
    except Exception as error:  # torch.load raises whatever the damage made of the file
        sys.exit("cannot resume from %s: %s" % (entry, error))


def digest_of(network):
    sha = hashlib.sha256()
    for name, weights in sorted(network.state_dict().items()):
        sha.update(name.encode() + weights.detach().cpu().contiguous().numpy().tobytes())
    return sha.hexdigest()


def main():
    data = place("DATA_DIR", Path(__file__).resolve().parent.parent / "quickstart-data")
    checkpoints = place("CHECKPOINT_DIR", BY_HAND / "ckpt")
    output = place("OUTPUT_DIR", BY_HAND / "out")
    progress_file = place("PROGRESS_FILE", BY_HAND / "progress.jsonl")
    for folder in (checkpoints, output, progress_file.parent):
        folder.mkdir(parents=True, exist_ok=True)

    stop = []
    signal.signal(signal.SIGTERM, lambda *_: stop.append(True))

    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    torch.manual_seed(SEED)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    (images, digits), test = load_digits(data, device)
    network = new_network().to(device)
    optimizer = torch.optim.AdamW(network.parameters(), lr=LEARNING_RATE, weight_decay=WEIGHT_DECAY)
    step = 0
    resume_from = os.environ.get("ORCHESTRATOR_RESUME_FROM", "")
    if os.environ.get("ORCHESTRATOR_IS_RESUME") == "1" and resume_from:
        step = restore(Path(resume_from), network, optimizer, device)
        print("resumed at step %d of %d from %s" % (step, STEPS, Path(resume_from).name), flush=True)
    else:
        print("PyTorch %s on %s: %d digits, %d held out, %d steps"
              % (torch.__version__, device, len(digits), HELD_OUT, STEPS), flush=True)

    batches = len(digits) // BATCH
    epoch, order, loss = None, None, torch.zeros(())
    began = time.monotonic()
    with open(progress_file, "a") as progress:
        while step < STEPS:
            if step // batches != epoch:
                epoch = step // batches
                order = order_of(epoch, len(digits)).to(device)
            first = step % batches * BATCH
            batch = order[first : first + BATCH]
            for group in optimizer.param_groups:
                group["lr"] = rate_at(step)
            network.train()
            optimizer.zero_grad()
            loss = functional.cross_entropy(network(images[batch]), digits[batch])
            loss.backward()
            optimizer.step()
            step += 1

            if step % REPORT_EVERY == 0 or step == STEPS:
                progress.write(json.dumps({"step": step, "total": STEPS, "loss": round(loss.item(), 6)}) + "\n")
                progress.flush()
            if step % SAVE_EVERY == 0 or step == STEPS or stop:
                save(checkpoints, step, network, optimizer)
                print("step %d/%d  loss %.4f  saved  (%.0f s)"
                      % (step, STEPS, loss.item(), time.monotonic() - began), flush=True)
            if stop and step < STEPS:
                print("asked to stop; saved at step %d" % step, flush=True)
                return 128 + signal.SIGTERM
            time.sleep(PACE)

    network.eval()
    with torch.no_grad():
        scores = network(test[0])
    accuracy = (scores.argmax(1) == test[1]).float().mean().item()
    result = {
        "metric": round(functional.cross_entropy(scores, test[1]).item(), 6),
        "metric_name": "loss on %d held-out digits" % HELD_OUT,
        "accuracy": round(accuracy, 4),
        "steps": STEPS,
        "weights_sha256": digest_of(network),
    }
    draft = output / ".result.json.tmp"
    draft.write_text(json.dumps(result) + "\n")
    flush(draft)
    os.rename(draft, output / "result.json")
    print("done: loss %.4f, accuracy %.4f" % (result["metric"], accuracy), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
