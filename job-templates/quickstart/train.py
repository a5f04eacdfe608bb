"""Learns to read handwritten digits with a small neural network, in plain Python: the quick start's trainer.

It is an ordinary trainer that happens to show every habit which lets a run survive the loss of its machine:

- the state at step S depends on the seed and on S alone (each epoch's order comes from seed and epoch), so a run
  that was interrupted ends with the same weights, bit for bit, as one that was not;
- a checkpoint is written under a hidden name, flushed to disk, and renamed in one step, so it is never half there;
- on SIGTERM it saves and leaves with 143.

It is told where things lie by ORCHESTRATOR_* variables; without them it runs by hand, in the system's temp folder.
Its own knobs are STEPS, SAVE_EVERY, LEARNING_RATE and SEED.
"""

import array
import gzip
import hashlib
import json
import math
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from operator import mul
from pathlib import Path

PIXELS, HIDDEN, CLASSES = 64, 48, 10
BATCH = 32
HELD_OUT = 360  # the last rows: other people's handwriting than most of what is learned from
MOMENTUM = 0.9
REPORT_EVERY = 10

LEARNING_RATE = float(os.environ.get("LEARNING_RATE", "0.01"))
STEPS = int(os.environ.get("STEPS", "4000"))
SAVE_EVERY = int(os.environ.get("SAVE_EVERY", "400"))
SEED = int(os.environ.get("SEED", "1"))

BY_HAND = Path(tempfile.gettempdir()) / "orchestrator-quickstart"


def place(variable, fallback):
    """The folder or file that the orchestrator names, else one that suits a run by hand."""
    return Path(os.environ.get("ORCHESTRATOR_" + variable) or fallback)


def load_digits(folder):
    with gzip.open(folder / "digits.csv.gz", "rt") as lines:
        rows = [[int(cell) for cell in line.split(",")] for line in lines]
    samples = [([pixel / 16.0 for pixel in row[:PIXELS]], row[PIXELS]) for row in rows]
    return samples[:-HELD_OUT], samples[-HELD_OUT:]


class Network:
    """64 -> 48 (tanh) -> 10 (softmax); each row of weights ends in its bias. `speed` is the momentum, same shape."""

    def __init__(self, seed):
        pick = random.Random("weights:%d" % seed)

        def rows(count, width):
            reach = 1 / math.sqrt(width)
            return [[pick.uniform(-reach, reach) for _ in range(width)] + [0.0] for _ in range(count)]

        self.layers = [rows(HIDDEN, PIXELS), rows(CLASSES, HIDDEN)]
        self.speed = [[[0.0] * len(row) for row in layer] for layer in self.layers]

    def forward(self, pixels):
        inside = pixels + [1.0]
        hidden = [math.tanh(sum(map(mul, row, inside))) for row in self.layers[0]] + [1.0]
        scores = [sum(map(mul, row, hidden)) for row in self.layers[1]]
        top = max(scores)
        powers = [math.exp(score - top) for score in scores]
        total = sum(powers)
        return inside, hidden, [power / total for power in powers]

    def learn(self, batch, rate):
        """One step of gradient descent with momentum; returns the batch's mean loss."""
        slopes = [[[0.0] * len(row) for row in layer] for layer in self.layers]
        loss = 0.0
        for pixels, digit in batch:
            inside, hidden, chances = self.forward(pixels)
            loss -= math.log(max(chances[digit], 1e-300))
            chances[digit] -= 1.0
            back = [0.0] * HIDDEN
            for k, error in enumerate(chances):
                slopes[1][k] = [slope + error * value for slope, value in zip(slopes[1][k], hidden)]
                back = [value + error * weight for value, weight in zip(back, self.layers[1][k])]
            for j in range(HIDDEN):
                error = back[j] * (1.0 - hidden[j] * hidden[j])
                slopes[0][j] = [slope + error * value for slope, value in zip(slopes[0][j], inside)]
        pace = rate / len(batch)
        for layer, speed, slope in zip(self.layers, self.speed, slopes):
            for i in range(len(layer)):
                speed[i] = [MOMENTUM * v - pace * s for v, s in zip(speed[i], slope[i])]
                layer[i] = [w + v for w, v in zip(layer[i], speed[i])]
        return loss / len(batch)

    def accuracy(self, samples):
        right = 0
        for pixels, digit in samples:
            chances = self.forward(pixels)[2]
            right += chances.index(max(chances)) == digit
        return right / len(samples)

    def to_bytes(self):
        numbers = array.array("d")
        for part in (self.layers, self.speed):
            for layer in part:
                for row in layer:
                    numbers.extend(row)
        if sys.byteorder == "big":
            numbers.byteswap()
        return numbers.tobytes()

    def from_bytes(self, data):
        numbers = array.array("d")
        numbers.frombytes(data)
        if sys.byteorder == "big":
            numbers.byteswap()
        at = 0
        for part in (self.layers, self.speed):
            for layer in part:
                for i, row in enumerate(layer):
                    layer[i] = numbers[at : at + len(row)].tolist()
                    at += len(row)
        if at != len(numbers):
            raise ValueError("%d numbers where %d were expected" % (len(numbers), at))


def write_durably(path, data):
    with open(path, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def flush_folder(path):
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def save(folder, step, network):
    """Writes the entry step-NNNNNN so that it appears complete or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    entry = folder / ("step-%06d" % step)
    draft = folder / (".%s.tmp" % entry.name)
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir()
    weights = network.to_bytes()
    state = {"step": step, "total": STEPS, "seed": SEED, "weights_sha256": hashlib.sha256(weights).hexdigest()}
    write_durably(draft / "weights.bin", weights)
    write_durably(draft / "state.json", json.dumps(state).encode())
    flush_folder(draft)
    if entry.exists():  # left there by an earlier run in the same folder
        shutil.rmtree(entry)
    os.rename(draft, entry)
    flush_folder(folder)


def restore(entry, network):
    """Loads a checkpoint and returns its step; a damaged one is an error, never a silent start from nothing."""
    try:
        state = json.loads((entry / "state.json").read_text())
        weights = (entry / "weights.bin").read_bytes()
        if hashlib.sha256(weights).hexdigest() != state["weights_sha256"]:
            raise ValueError("weights.bin does not match its hash in state.json")
        if state["seed"] != SEED:
            raise ValueError("saved with SEED=%s, this run has SEED=%s" % (state["seed"], SEED))
        network.from_bytes(weights)
        return state["step"]
    except (OSError, ValueError, KeyError) as error:
        sys.exit("cannot resume from %s: %s" % (entry, error))


def main():
    data = place("DATA_DIR", Path(__file__).resolve().parent.parent / "quickstart-data")
    checkpoints = place("CHECKPOINT_DIR", BY_HAND / "ckpt")
    output = place("OUTPUT_DIR", BY_HAND / "out")
    progress_file = place("PROGRESS_FILE", BY_HAND / "progress.jsonl")
    for folder in (checkpoints, output, progress_file.parent):
        folder.mkdir(parents=True, exist_ok=True)

    stop = []
    signal.signal(signal.SIGTERM, lambda *_: stop.append(True))

    train, test = load_digits(data)
    network = Network(SEED)
    step = 0
    resume_from = os.environ.get("ORCHESTRATOR_RESUME_FROM", "")
    if os.environ.get("ORCHESTRATOR_IS_RESUME") == "1" and resume_from:
        step = restore(Path(resume_from), network)
        print("resumed at step %d of %d from %s" % (step, STEPS, Path(resume_from).name), flush=True)
    else:
        print("training on %d digits, %d held out, %d steps" % (len(train), len(test), STEPS), flush=True)

    batches = len(train) // BATCH
    epoch, order = None, []
    began = time.monotonic()
    with open(progress_file, "a") as progress:
        while step < STEPS:
            if step // batches != epoch:
                epoch = step // batches
                order = list(range(len(train)))
                random.Random("epoch:%d:%d" % (SEED, epoch)).shuffle(order)
            first = step % batches * BATCH
            loss = network.learn([train[i] for i in order[first : first + BATCH]], LEARNING_RATE * (1.0 - step / STEPS))
            step += 1

            if step % REPORT_EVERY == 0 or step == STEPS:
                progress.write(json.dumps({"step": step, "total": STEPS, "loss": round(loss, 6)}) + "\n")
                progress.flush()
            if step % SAVE_EVERY == 0 or step == STEPS or stop:
                save(checkpoints, step, network)
                print("step %d/%d  loss %.4f  saved  (%.0f s)" % (step, STEPS, loss, time.monotonic() - began), flush=True)
            if stop and step < STEPS:
                print("asked to stop; saved at step %d" % step, flush=True)
                return 128 + signal.SIGTERM

    accuracy = network.accuracy(test)
    result = {
        "metric": round(accuracy, 6),
        "metric_name": "accuracy on %d held-out digits" % len(test),
        "steps": STEPS,
        "weights_sha256": hashlib.sha256(network.to_bytes()).hexdigest(),
    }
    draft = output / ".result.json.tmp"
    write_durably(draft, (json.dumps(result) + "\n").encode())
    os.rename(draft, output / "result.json")
    print("done: accuracy %.4f" % accuracy, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
