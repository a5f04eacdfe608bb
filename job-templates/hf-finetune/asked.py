"""Lets HF's Trainer save when it is asked to, and stop when its machine is about to go."""

import signal

from transformers import TrainerCallback


class Asked(TrainerCallback):
    """SIGUSR1: save after this step. SIGTERM: save after this step, then stop."""

    def __init__(self):
        self.save = self.stop = False
        signal.signal(signal.SIGUSR1, self._on_save)
        signal.signal(signal.SIGTERM, self._on_stop)

    def _on_save(self, *_):
        self.save = True

    def _on_stop(self, *_):
        self.save = self.stop = True

    def on_step_end(self, args, state, control, **_):
        if self.save:
            self.save = False
            control.should_save = True
        if self.stop:
            control.should_training_stop = True
        return control
