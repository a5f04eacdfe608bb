"""The acting part of scripts/demo-machines: the story of one job on two machines, whose instances are containers."""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

from story import Server, Trouble, claim, live_processes, past_a_checkpoint, perform, saved_step, tell

# A person's own machine that falls silent is waited for, 15 minutes unless told otherwise. Nobody wants to watch that.
TUNING = "loss-max-wait=40,silence=10,observe=0.5,listing-age=1,settling=4,backoff=1,offer-retry=2,destroy-retry=3,effect-retry=4"
PACE = "0.02"  # s a step: something to watch
PRICES = ("$0.10/h", "$0.30/h")


class Machine:
    """One machine, as scripts/test-servers describes it."""

    def __init__(self, file, price):
        self.name = Path(file).parent.name
        self.price = price
        self.facts = read_facts(file)
        self.container = self.facts["MACHINE_CONTAINER"]
        self.root = self.facts["MACHINE_ROOT"]

    def configuration(self):
        print_of = subprocess.run(["ssh-keygen", "-lf", self.facts["MACHINE_HOST_KEY"]], stdout=subprocess.PIPE, check=True, universal_newlines=True).stdout.split()[1]
        return "  %s: {address: %s, port: %s, user: %s, key: %s, host-key: \"%s\", root: %s, slots: 1, price: %s}" % (
            self.name, self.facts["MACHINE_ADDRESS"], self.facts["MACHINE_PORT"], self.facts["MACHINE_USER"], self.facts["MACHINE_KEY"], print_of, self.root, self.price)


def read_facts(file):
    return dict(line.split("=", 1) for line in Path(file).read_text().splitlines())


def docker(*arguments):
    done = subprocess.run(["docker", *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True)
    if done.returncode != 0:
        raise Trouble("docker %s: %s" % (" ".join(arguments), done.stderr.strip()))
    return done.stdout


class Machines:
    """Where the demo's instances run. Counted from Docker, from /proc and from the machines' disks, not from any books."""

    def __init__(self, machines):
        self.machines = machines
        self.lost = None

    def kill(self, story):
        """The power of the machine fails: the training container and the machine itself end in one moment."""
        job = story.until_true(past_a_checkpoint, "a checkpoint was durable and training past it")
        attempt = job["attempts"][-1]
        self.lost = next((machine for machine in self.machines if "ssh/" + machine.name == attempt["host"]), None)
        if self.lost is None:
            raise Trouble("the job runs on %s" % attempt["host"])
        training = self.containers(self.lost)
        if len(training) != 1:
            raise Trouble("one container should train on %s, there are %d" % (self.lost.name, len(training)))
        docker("kill", training[0], self.lost.container)
        print("cut the power of %s at step %d: its sshd and container %s are gone; the last durable checkpoint is step %d"
              % (self.lost.name, job["progress"]["step"], training[0], saved_step(job)))
        return {"attempt": attempt["number"], "instance": attempt["instanceId"], "saved": saved_step(job), "at": time.monotonic()}

    def after_the_loss(self):
        docker("start", self.lost.container)
        print("%s has power again; what it held is to be removed" % self.lost.name)

    def containers(self, machine):
        """Names of containers, running or not, that have something of the machine's mounted; the machine itself is none."""
        rows = docker("ps", "--all", "--filter", "label=orchestrator.instance", "--format", "{{.Names}}").split()
        return [name for name in rows if any(
            place.startswith(machine.root + "/") for place in docker("inspect", "--format", "{{range .Mounts}}{{println .Source}}{{end}}", name).split("\n"))]

    def left(self):
        names = set()
        for machine in self.machines:
            names.update("container " + name for name in self.containers(machine))
            instances = Path(machine.root) / "instances"
            names.update("folder " + str(folder) for folder in (instances.iterdir() if instances.is_dir() else ()))
            for process in live_processes():
                if process.is_younger and process.names(instances):
                    names.add("process %d of %s" % (process.pid, machine.name))
        return sorted(names)


def by_hand(templates, image, work):
    """The metric of the same training in the same image, uninterrupted and without us."""
    folder = work / "by-hand"
    folder.mkdir()
    began = time.monotonic()
    docker("run", "--rm", "--network", "none", "--volume", "%s:/job:ro" % templates, "--volume", "%s:/tmp" % folder,
           "--env", "PYTHONDONTWRITEBYTECODE=1", image, "python3", "/job/pytorch/train.py")
    metric = json.loads((folder / "orchestrator-pytorch/out/result.json").read_text())["metric"]
    print("by hand    the same training, uninterrupted: metric %s after %.0f s" % (metric, time.monotonic() - began))
    return metric


def write_configuration(data, machines, s3, work):
    keys = work / "bucket-keys"
    keys.touch(mode=0o600)
    keys.write_text("[default]\naws_access_key_id = %s\naws_secret_access_key = %s\n" % (s3["S3_ACCESS_KEY"], s3["S3_SECRET_KEY"]))
    lines = ["machines:", *(machine.configuration() for machine in machines), "stores:",
             "  bucket: {bucket: %s, endpoint: %s, profile: ceph, ca: %s, credentials: {file: %s}, default: true}"
             % (s3["S3_BUCKET"], s3["S3_TLS_ENDPOINT"], s3["S3_CA"], keys)]
    data.mkdir(parents=True, exist_ok=True)
    (data / "orchestrator.yaml").write_text("\n".join(lines) + "\n")


def write_job(templates, image, work):
    """The template as it is, but for its image, a slower pace, and where it may run."""
    for folder in ("pytorch", "quickstart-data"):
        shutil.copytree(str(templates / folder), str(work / folder), ignore=shutil.ignore_patterns("__pycache__"))
    text = (templates / "pytorch.yaml").read_text()
    text, images = re.subn(r"(?m)^image: .*$", "image: " + image, text)
    text, paces = re.subn(r"PACE: 0\b", "PACE: " + PACE, text)
    if (images, paces) != (1, 1):
        raise Trouble("pytorch.yaml has another shape than this script knows")
    spec = work / "pytorch.yaml"
    spec.write_text(text + "providers: [ssh]\n")
    return spec


def main():
    parser = argparse.ArgumentParser()
    for name in ("program", "data", "templates", "image", "s3"):
        parser.add_argument("--" + name, required=True)
    parser.add_argument("--machine", action="append", required=True)
    parser.add_argument("--no-kill", action="store_true")
    options = parser.parse_args()
    os.environ["ORCHESTRATOR_TUNING"] = TUNING
    begun = []

    def act():
        data, lock = claim(options.data, own=True)
        server = Server(options.program, data)
        begun.extend([server, lock])
        work = data.parent / (data.name + ".job")
        shutil.rmtree(str(work), ignore_errors=True)
        work.mkdir()
        machines = [Machine(file, price) for file, price in zip(options.machine, PRICES)]
        write_configuration(data, machines, read_facts(options.s3), work)
        spec = write_job(Path(options.templates), options.image, work)
        expected = by_hand(options.templates, options.image, work)
        url = server.start()
        print("server     %s   data in %s" % (url, server.data))
        for machine in machines:
            print("machine    %s at %s:%s, %s" % (machine.name, machine.facts["MACHINE_ADDRESS"], machine.facts["MACHINE_PORT"], machine.price))
        return tell(server, Machines(machines), [str(spec)], kill=not options.no_kill, expected=expected)

    def stop():
        if begun and begun[0].process:
            begun[0].stop()

    return perform("demo-machines", act, stop)


if __name__ == "__main__":
    sys.exit(main())
