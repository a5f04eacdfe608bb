"""The acting part of scripts/quickstart: the story of one job on this machine, whose instances are processes."""

import argparse
import signal
import sys
import time

from story import Server, Trouble, claim, command, end, past_a_checkpoint, perform, saved_step, tell


class ThisMachine:
    """Where the quick start's instances run."""

    def __init__(self, server):
        self.server = server

    def kill(self, story):
        """Ends all processes of the running instance at once, as a machine that loses its power would; returns the evidence."""
        job = story.until_true(past_a_checkpoint, "a checkpoint was durable and training past it")
        attempt = job["attempts"][-1]
        alive = self.server.instances_alive()
        if len(alive) != 1:
            raise Trouble("one instance should be alive, there are %d: %s" % (len(alive), ", ".join(alive)))
        killed = set()
        began = time.monotonic()
        # Again until none is left: what restarts the others may do so once more between a look and a kill.
        while True:
            pids = self.server.instance_processes(alive[0])
            if not pids:
                break
            for pid in pids:
                end(pid, signal.SIGKILL)
            killed.update(pids)
            if time.monotonic() - began > 10:
                raise Trouble("cannot kill the processes %s" % pids)
        print("killed instance %s with kill -9 (%d processes) at step %d; the last durable checkpoint is step %d"
              % (attempt["instanceId"], len(killed), job["progress"]["step"], saved_step(job)))
        return {"attempt": attempt["number"], "instance": attempt["instanceId"], "saved": saved_step(job), "at": time.monotonic()}

    def after_the_loss(self):
        """Nothing comes back."""

    def left(self):
        return self.server.instances_alive()


def main():
    parser = argparse.ArgumentParser()
    for name in ("program", "data", "template"):
        parser.add_argument("--" + name, required=True)
    for name in ("own", "keep", "no-kill"):
        parser.add_argument("--" + name, action="store_true")
    options = parser.parse_args()
    begun = []

    def act():
        data, lock = claim(options.data, options.own)
        server = Server(options.program, data)
        begun.extend([server, lock])
        url = server.start()
        print("server     %s   data in %s" % (url, server.data))
        return tell(server, ThisMachine(server), [options.template], kill=not options.no_kill, keep=options.keep)

    def stop():
        if begun and begun[0].process:
            if options.keep:
                print("the server is left as it is (--keep): %s" % command(begun[0], "server stop"), file=sys.stderr)
            else:
                begun[0].stop()

    return perform("quickstart", act, stop)


if __name__ == "__main__":
    sys.exit(main())
