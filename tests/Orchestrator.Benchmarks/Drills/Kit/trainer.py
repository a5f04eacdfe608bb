"""The drills' trainer: its result depends on every step, and every line of every checkpoint file names the step, so that a
mixed checkpoint gives itself away. What it does it also notes in a ledger outside its instance, for the drill to compare."""

import ctypes
import glob
import hashlib
import json
import os
import select
import shutil
import sys
import time

STEPS = int(os.environ["DRILL_STEPS"])
PACE = float(os.environ["DRILL_PACE"])  # s a step
EVERY = int(os.environ["DRILL_EVERY"])  # steps between checkpoints
SIZE = int(os.environ["DRILL_SIZE"])  # bytes a file
HOLD = os.environ.get("DRILL_HOLD", "")  # while this file exists, the last quarter does not begin
IN_PLACE = os.environ["DRILL_MODE"] == "in-place"
STORE = os.environ["DRILL_STORE"]  # this job's manifests, as a pattern; empty = train on without looking
FOLDER = os.environ["ORCHESTRATOR_CHECKPOINT_DIR"]
NAMES = ("model.bin", "moments.bin", "sampler.bin")
LINE = 64


def note(kind, step):
    said = {"kind": kind, "step": step, "attempt": int(os.environ["ORCHESTRATOR_ATTEMPT"]), "pid": os.getpid(), "at": time.time()}
    ledger = os.open(os.environ["DRILL_LEDGER"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    os.write(ledger, (json.dumps(said) + "\n").encode())
    os.close(ledger)


def advance(digest, step):
    return hashlib.sha256(("%s %d %s" % (digest, step, os.environ["DRILL_SEED"])).encode()).hexdigest()[:32]


def content(step, digest):
    line = ("step %010d %s" % (step, digest)).ljust(LINE - 1, ".").encode() + b"\n"
    return line * max(1, SIZE // LINE)


def read(entry):
    lines = set()
    for name in NAMES:
        with open(os.path.join(entry, name), "rb") as file:
            text = file.read()
        lines.update(text[i:i + LINE] for i in range(0, len(text), LINE))
    if len(lines) != 1:
        note("mixed", -1)
        sys.exit("the restored checkpoint is mixed: %d different lines" % len(lines))
    words = lines.pop().decode().split()
    return int(words[1]), words[2].rstrip(".")


class Stored:
    """Lets no checkpoint pass before it is in the store: on a loaded machine training would be over before anything is."""

    def __init__(self):
        self.seen = set(glob.glob(STORE, recursive=True))

    def wait(self):
        until = time.monotonic() + 120
        while STORE and time.monotonic() < until:
            new = set(glob.glob(STORE, recursive=True)) - self.seen
            self.seen |= new
            if new:
                break
            time.sleep(0.02)


def save_renamed(step, digest):
    entry = os.path.join(FOLDER, "step-%08d" % step)
    hidden = os.path.join(FOLDER, ".new-%08d" % step)
    shutil.rmtree(hidden, ignore_errors=True)
    os.makedirs(hidden)
    for name in NAMES:
        with open(os.path.join(hidden, name), "wb") as file:
            file.write(content(step, digest))
    shutil.rmtree(entry, ignore_errors=True)
    os.rename(hidden, entry)
    for old in sorted(name for name in os.listdir(FOLDER) if name.startswith("step-"))[:-3]:
        shutil.rmtree(os.path.join(FOLDER, old))


def save_in_place(step, digest):
    entry = os.path.join(FOLDER, "latest")
    os.makedirs(entry, exist_ok=True)
    for name in NAMES:
        path = os.path.join(entry, name)
        with open(path, "r+b" if os.path.exists(path) else "wb") as file:
            file.write(content(step, digest))


class Readers:
    """Tells when somebody else opens a file of the checkpoint: that is the moment to rewrite it."""

    def __init__(self):
        self.libc = ctypes.CDLL(None, use_errno=True)
        self.descriptor = self.libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        self.watched = False
        self.reads = 0

    def forget(self):
        entry = os.path.join(FOLDER, "latest")
        if not self.watched and os.path.isdir(entry):
            self.libc.inotify_add_watch(self.descriptor, entry.encode(), 0x20 | 0x40000000)  # IN_OPEN, but not of the folder
            self.watched = True
        self.seen()

    def wait(self, seconds):
        """Until the time is over or somebody opens something: a poll would come too late for a fast reader."""
        select.select([self.descriptor], [], [], max(0, seconds))

    def seen(self):
        found = False
        while self.watched:
            try:
                events = os.read(self.descriptor, 65536)
            except BlockingIOError:
                break
            # The name says whether it was a file or the folder itself.
            found = found or any(name.encode() in events for name in NAMES)
        return found


def main():
    os.makedirs(FOLDER, exist_ok=True)
    step, digest = 0, os.environ["DRILL_SEED"]
    restored = os.environ["ORCHESTRATOR_RESUME_FROM"]
    if restored:
        step, digest = read(restored)
    note("start", step)
    print("training from step %d of %d" % (step, STEPS), flush=True)
    readers = Readers() if IN_PLACE else None
    stored = Stored()
    progress = open(os.environ["ORCHESTRATOR_PROGRESS_FILE"], "a")
    attacked = True
    saved = step
    while step < STEPS:
        while HOLD and step >= STEPS * 3 // 4 and os.path.exists(HOLD):
            time.sleep(0.02)
        step += 1
        digest = advance(digest, step)
        until = time.monotonic() + PACE
        attack = False
        while time.monotonic() < until and not attack:
            if not IN_PLACE or attacked:
                time.sleep(max(0, until - time.monotonic()))
                break
            readers.wait(until - time.monotonic())
            attack = readers.seen()
        if attack:
            # The first file may be read by now, the last one not yet.
            note("rewriting while it is read", step)
            attacked = True
        if attack or step - saved == EVERY or step == STEPS:
            saved = step
            if IN_PLACE:
                save_in_place(step, digest)
                readers.forget()
                attacked = attack
            else:
                save_renamed(step, digest)
                stored.wait()
            print("saved step %d" % step, flush=True)
        progress.write(json.dumps({"step": step, "total": STEPS}) + "\n")
        progress.flush()
    out = os.environ["ORCHESTRATOR_OUTPUT_DIR"]
    os.makedirs(out, exist_ok=True)
    with open(os.path.join(out, "result.json"), "w") as file:
        json.dump({"steps": step, "digest": digest}, file)
    note("end", step)
    print("done: %s" % digest, flush=True)


main()
