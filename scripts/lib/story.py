"""The story that scripts/quickstart and scripts/demo-machines tell: a job is run through the command line as a person
would, its instance is killed in the middle, it resumes and finishes. About what is left over the operating system is
believed, not the server's books."""

import fcntl
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

START_LIMIT = 300  # s: creating the cluster included
JOB_LIMIT = 3600  # s: the job takes half a minute on an ordinary machine
STOP_LIMIT = 60  # s: each, asked politely and less so
SETTLE_LIMIT = 120  # s: between a job's end and the end of the last process of its instance


class Trouble(Exception):
    """Something that ends the story, in words for the person in front of it."""


class CannotBegin(Trouble):
    """Nothing was started."""


class Server:
    """The server on one data folder, and its command line."""

    def __init__(self, program, data):
        self.program = program
        self.data = data
        self.environment = dict(os.environ, ORCHESTRATOR_DATA=str(data))
        self.process = None

    def start(self):
        log = self.data.parent / (self.data.name + ".log")
        with open(log, "wb") as output:
            self.process = subprocess.Popen(
                ["dotnet", self.program, "serve", "--data", str(self.data), "--port", "0"],
                env=self.environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True)
        record = self.data / "server.json"  # it writes this once it listens
        wait_for(lambda: record.exists() or self.process.poll() is not None, START_LIMIT, "the server to listen", log=log)
        if self.process.poll() is not None:
            said = log.read_text(errors="replace").splitlines() or ["nothing"]
            self.clear()
            raise CannotBegin("the server does not start; it said: %s" % said[-1])
        return json.loads(record.read_text())["url"]

    def clear(self):
        """Of a start that failed nothing is left, so that the same folder will do for the next try."""
        for entry in self.data.iterdir() if self.data.is_dir() else []:
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(str(entry))
            else:
                entry.unlink()

    def run(self, *arguments, check=True):
        done = subprocess.run(["dotnet", self.program, *arguments], env=self.environment, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True)
        if check and done.returncode != 0:
            raise Trouble("`orchestrator %s` ended with %d: %s" % (" ".join(arguments), done.returncode, (done.stderr or done.stdout).strip()))
        return done.stdout

    def ask(self, *arguments):
        return json.loads(self.run(*arguments, "--json"))

    def stop(self):
        """Stops the server and its PostgreSQL; what does not go by itself is ended by its process id."""
        self.run("server", "stop", check=False)
        patience = time.monotonic() + STOP_LIMIT
        while self.processes() and time.monotonic() < patience:
            time.sleep(0.2)
        stubborn = self.processes()
        for pid in stubborn:
            end(pid, signal.SIGINT)  # for PostgreSQL a fast, clean stop
        patience = time.monotonic() + STOP_LIMIT
        while self.processes() and time.monotonic() < patience:
            time.sleep(0.2)
        for pid in self.processes():
            end(pid, signal.SIGKILL)
        return stubborn

    def processes(self):
        """The server, what it started with its environment, its PostgreSQL, its instances; nothing older than we are."""
        named = b"ORCHESTRATOR_DATA=%s\0" % str(self.data).encode()
        cluster = "%s/" % self.data
        return [process.pid for process in live_processes() if process.is_younger and (
            named in process.environment or process.names(self.data / "instances")
            or process.program == "postgres" and process.place.startswith(cluster))]

    def instance_processes(self, instance=None):
        folder = self.data / "instances"
        return [process.pid for process in live_processes()
                if process.is_younger and process.names(folder / instance if instance else folder)]

    def instances_alive(self):
        """The instances that a live process belongs to, counted from the operating system, not from the books."""
        inside = re.compile(re.escape(str(self.data / "instances").encode()) + rb"/([^/\0]+)")
        names = set()
        for process in live_processes():
            if process.is_younger:
                said = b"\0".join([process.arguments, process.environment, process.place.encode()])
                names.update(name.decode() for name in inside.findall(said))
        return sorted(names)


class LiveProcess:
    """A look at /proc/PID. Raises OSError when it has ended or is somebody else's."""

    def __init__(self, pid):
        self.pid = pid
        folder = "/proc/%d/" % pid
        with open(folder + "stat") as file:
            fields = file.read().rpartition(")")[2].split()
        if fields[0] == "Z":
            raise ProcessLookupError(pid)
        self.started = int(fields[19])
        self.arguments = Path(folder + "cmdline").read_bytes()
        self.environment = Path(folder + "environ").read_bytes() + b"\0"
        self.place = os.readlink(folder + "cwd") + "/"
        self.program = os.path.basename(os.readlink(folder + "exe"))

    @property
    def is_younger(self):
        return self.started > LiveProcess(os.getpid()).started

    def names(self, folder):
        """Does it mention the folder, or something in it, in its arguments, environment or working folder?"""
        text = str(folder).encode()
        said = self.arguments + b"\0" + self.environment
        return text + b"/" in said or text + b"\0" in said or self.place.startswith(str(folder) + "/")


def live_processes():
    for entry in os.listdir("/proc"):
        if entry.isdigit() and int(entry) != os.getpid():
            try:
                yield LiveProcess(int(entry))
            except OSError:
                continue


def end(pid, how):
    try:
        os.kill(pid, how)
    except ProcessLookupError:
        pass


def wait_for(condition, limit, what, log=None):
    until = time.monotonic() + limit
    while not condition():
        if time.monotonic() > until:
            tail = log.read_text(errors="replace").splitlines()[-15:] if log else []
            raise Trouble("waited in vain for %s\n%s" % (what, "\n".join(tail)))
        time.sleep(0.1)


def saved_step(job):
    saved = job.get("lastCheckpoint")
    if not saved:
        return None
    if saved.get("step") is not None:
        return saved["step"]
    digits = saved["entry"].rpartition("-")[2]  # the trainer names its entries by step
    return int(digits) if digits.isdigit() else None


class Story:
    """Follows one job to its end and says what changes."""

    def __init__(self, server, job_id):
        self.server = server
        self.id = str(job_id)
        self.until = time.monotonic() + JOB_LIMIT
        self.told = None
        self.tenth = -1

    def look(self):
        if time.monotonic() > self.until:
            raise Trouble("the job has not ended after %d s; see: %s" % (JOB_LIMIT, command(self.server, "show " + self.id)))
        job = self.server.ask("show", self.id)
        attempts = job["attempts"]
        phase = attempts[-1]["phase"] if attempts else "-"
        now = (job["state"], len(attempts), phase)
        if now != self.told:
            self.told = now
            print("  %-10s attempt %d %s" % (job["state"], len(attempts), phase))
        progress = job.get("progress") or {}
        if phase == "running" and progress.get("total"):
            tenth = progress["step"] * 10 // progress["total"]
            if tenth != self.tenth:
                self.tenth = tenth
                saved = saved_step(job)
                print("  step %d/%d, last durable checkpoint: %s" % (progress["step"], progress["total"], "none yet" if saved is None else "step %d" % saved))
        return job

    def until_true(self, condition, what):
        while True:
            job = self.look()
            if condition(job):
                return job
            if job["state"] in ("succeeded", "failed", "cancelled", "deadline-missed", "paused"):
                raise Trouble("the job is %s (%s) before %s; its log: %s" % (job["state"], job["reason"], what, command(self.server, "logs " + self.id)))
            time.sleep(0.3)


def command(server, arguments):
    return "scripts/orchestrator --data %s %s" % (server.data, arguments)


def past_a_checkpoint(job):
    """In the middle: a third is durable, and training has gone on from there."""
    saved = saved_step(job)
    progress = job.get("progress") or {}
    total = progress.get("total") or 0
    return bool(saved) and bool(job["attempts"]) and job["attempts"][-1]["phase"] == "running" \
        and total <= saved * 3 and saved < progress["step"] < total


def watch_resume(story, lost):
    def resumed(job):
        newest = job["attempts"][-1]
        return newest["number"] > lost["attempt"] and newest.get("resumedFromStep") is not None and newest["phase"] != "staging"

    job = story.until_true(resumed, "it resumed")
    newest = job["attempts"][-1]
    print("resumed at step %d on a new instance, %s, %.0f s after the loss"
          % (newest["resumedFromStep"], newest["instanceId"], time.monotonic() - lost["at"]))


def judge(job, lost, left, total):
    """All that the last line says, checked; returns what is untrue."""
    wrong = []
    if job["state"] != "succeeded":
        wrong.append("the job is %s: %s" % (job["state"], job["reason"]))
    if job["interruptions"] != (1 if lost else 0) or len(job["attempts"]) != (2 if lost else 1):
        wrong.append("%d interruptions in %d attempts" % (job["interruptions"], len(job["attempts"])))
    if lost:
        step = job.get("resumedAtStep")
        if step is None or not lost["saved"] <= step < total:
            wrong.append("it resumed at step %s, though step %d was durable when its instance was lost" % (step, lost["saved"]))
        if job["attempts"][-1]["instanceId"] == lost["instance"]:
            wrong.append("it went on on the instance that was killed")
    if left:
        wrong.append("instances are still alive: %s" % ", ".join(left))
    return wrong


def tell(server, scene, submit, kill=True, keep=False, expected=None):
    """The whole story of one job. The scene knows where instances run: it kills one, and counts what is left of them."""
    job = server.ask("submit", *submit)["job"]
    print("submitted  %s #%s" % (job["name"], job["id"]))
    story = Story(server, job["id"])
    lost = None
    if kill:
        lost = scene.kill(story)
        watch_resume(story, lost)
        scene.after_the_loss()
    job = story.until_true(lambda job: job["state"] in ("succeeded", "failed"), "its end")
    patience = time.monotonic() + SETTLE_LIMIT
    while scene.left() and time.monotonic() < patience:
        time.sleep(0.1)
    left = scene.left()

    print("\nreport")
    for view in (("show", story.id), ("checkpoints", story.id)):
        print(server.run(*view))
    metric = "none"
    if job["state"] == "succeeded":
        with tempfile.TemporaryDirectory(prefix="orchestrator-result-") as folder:
            server.run("fetch", story.id, "--to", folder)
            results = list(Path(folder).rglob("result.json"))
            if len(results) != 1:
                raise Trouble("%d result.json among the fetched outputs" % len(results))
            metric = json.loads(results[0].read_text())["metric"]

    total = (job.get("progress") or {}).get("total") or 0
    wrong = judge(job, lost, left, total)
    if expected is not None and metric != expected:
        wrong.append("the metric is %s, uninterrupted it is %s" % (metric, expected))
    if keep:
        print("the server is still running. Dashboard: %s" % server.run("login").strip())
        print("stop it with:  %s" % command(server, "server stop"))
    else:
        server.stop()
        remaining = server.processes()
        if remaining:
            wrong.append("processes of its server are left: %s" % remaining)
        print("the server is stopped; its data stays. To open the dashboard again:  %s" % command(server, "login"))
    for line in wrong:
        print("not as it should be: %s" % line)

    fields = [job["state"], "%d interruption%s" % (job["interruptions"], "" if job["interruptions"] == 1 else "s")]
    if lost:
        fields.append("resumed at step %s of %d" % (job.get("resumedAtStep"), total))
    fields += ["%d instances left" % len(left), "cost $%.2f" % job["cost"]]
    print("metric: %s" % metric)
    print("done: %s" % ", ".join(fields))
    return 1 if wrong else 0


def perform(name, act, stop):
    """Runs a story and turns what ends it early into one line and an exit code; what it began is stopped in any case."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    finished = False
    try:
        status = act()
        finished = True
        return status
    except CannotBegin as trouble:
        print("%s: %s" % (name, trouble), file=sys.stderr)
        return 2
    except (Trouble, OSError) as trouble:
        print("%s: %s" % (name, trouble), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    finally:
        if not finished:
            stop()


def claim(wanted, own):
    """The data folder to use and the lock on it. Of our own the first that is free, begun anew each time."""
    try:
        return free_folder(Path(os.path.abspath(wanted)), own)
    except OSError as error:
        raise CannotBegin("cannot use %s as the data folder (%s: %s); name another one with --data" % (wanted, error.filename, error.strerror))


def free_folder(wanted, own):
    for data in [wanted / str(number) for number in range(1, 100)] if own else [wanted]:
        data.parent.mkdir(parents=True, exist_ok=True)
        lock = open(str(data) + ".lock", "w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            continue
        if not own:
            if data.exists() and any(data.iterdir()):
                raise CannotBegin("%s is not empty; name a new folder" % data)
            return data, lock
        if any(process.names(data) for process in live_processes()):  # a server that was kept
            lock.close()
            continue
        if data.exists():
            shutil.rmtree(str(data))
        return data, lock
    raise CannotBegin("%s is in use by another run of this" % wanted)
