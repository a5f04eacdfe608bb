"""A trainer for pages to look at: a falling loss, checkpoints, and everything a hostile host would like to have on a page."""

import json
import math
import os
import time

STEPS, PACE, EVERY = int(os.environ["STEPS"]), float(os.environ["PACE"]), int(os.environ["EVERY"])
if STEPS < 0:
    raise SystemExit("ModuleNotFoundError: No module named 'flash_attn'")
folder = os.environ["ORCHESTRATOR_CHECKPOINT_DIR"]
restored = os.environ["ORCHESTRATOR_RESUME_FROM"]
step = int(open(os.path.join(restored, "weights <b>.bin")).read()) if restored else 0
progress = open(os.environ["ORCHESTRATOR_PROGRESS_FILE"], "a")
print("training from step %d" % step, flush=True)
print("<script>document.title = 'taken over'</script><img src=x onerror=\"document.title='taken over'\">", flush=True)
print("\x1b[31mred\x1b[0m \x1b]0;title\x07 \u202egnirts", flush=True)
while step < STEPS:
    step += 1
    time.sleep(PACE)
    loss = 0.08 + 2.2 * math.exp(-step / (STEPS / 4)) + 0.03 * math.sin(step * 1.7)
    progress.write(json.dumps({"step": step, "total": STEPS, "loss": loss, "<b onclick=steal()>": 1.5}) + "\n")
    progress.flush()
    if step % 5 == 0:
        print("step %d loss %.4f" % (step, loss), flush=True)
    if step % EVERY == 0:
        hidden, entry = os.path.join(folder, ".new"), os.path.join(folder, "step-%06d" % step)
        os.makedirs(hidden)
        with open(os.path.join(hidden, "weights <b>.bin"), "w") as file:
            file.write(str(step))
        os.rename(hidden, entry)
