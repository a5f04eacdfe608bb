"""Runs kohya's sdxl_train_network.py so that it goes on after an interruption, and hands over its result.

Pictures: every folder below /data that holds some (captions in .txt files beside them, else TRIGGER). The model lies in
/models/sdxl.safetensors, beside /ckpt. sd-scripts writes NAME-stepN-state folders with --save_state. Given one with --resume, it counts its
steps from there only with --skip_until_initial_step; without, it would train all steps anew on top.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
CHECKPOINTS = Path(os.environ["ORCHESTRATOR_CHECKPOINT_DIR"])
OUTPUT = Path(os.environ["ORCHESTRATOR_OUTPUT_DIR"])
ROOT = CHECKPOINTS.parent
SCRIPTS = Path(os.environ.get("SD_SCRIPTS") or HERE / "sd-scripts")
STEPS = int(os.environ.get("STEPS", "2000"))
SAVE_EVERY = int(os.environ.get("SAVE_EVERY", "250"))
RANK = int(os.environ.get("RANK", "16"))
PICTURES = {".png", ".jpg", ".jpeg", ".webp", ".bmp"}
NAME = "lora"


def dataset(path):
    """The pictures as sd-scripts wants them told."""
    folders = sorted({file.parent for file in (ROOT / "data").rglob("*") if file.suffix.lower() in PICTURES})
    if not folders:
        sys.exit("no pictures below %s; add to the spec: data: {/data/cat: ./images}" % (ROOT / "data"))
    lines = ["[general]", 'caption_extension = ".txt"', "shuffle_caption = false", "", "[[datasets]]",
             "resolution = %d" % int(os.environ.get("RESOLUTION", "1024")), "batch_size = %d" % int(os.environ.get("BATCH", "1")), "enable_bucket = true"]
    for folder in folders:
        lines += ["", "[[datasets.subsets]]", "image_dir = %s" % json.dumps(str(folder)),
                  "class_tokens = %s" % json.dumps(os.environ.get("TRIGGER", "sks")), "num_repeats = 1"]
    path.write_text("\n".join(lines) + "\n")


def command(config, resume_from):
    words = [
        "accelerate", "launch", "--num_cpu_threads_per_process", "1", "--num_processes", "1", "--mixed_precision", "bf16",
        str(SCRIPTS / "sdxl_train_network.py"),
        "--pretrained_model_name_or_path", str(ROOT / "models" / "sdxl.safetensors"), "--dataset_config", str(config),
        "--output_dir", str(CHECKPOINTS), "--output_name", NAME, "--save_model_as", "safetensors", "--save_precision", "fp16",
        "--network_module", "networks.lora", "--network_dim", str(RANK), "--network_alpha", str(max(1, RANK // 2)), "--network_train_unet_only",
        "--learning_rate", os.environ.get("LEARNING_RATE", "1e-4"), "--optimizer_type", "AdamW8bit", "--lr_scheduler", "constant",
        "--max_train_steps", str(STEPS), "--save_every_n_steps", str(SAVE_EVERY), "--save_state",
        "--save_last_n_steps", str(2 * SAVE_EVERY), "--mixed_precision", "bf16", "--cache_latents", "--gradient_checkpointing", "--sdpa", "--no_half_vae",
        "--seed", os.environ.get("SEED", "1"),
    ]
    return words + (["--resume", resume_from, "--skip_until_initial_step"] if resume_from else [])


def hand_over(weights):
    OUTPUT.mkdir(parents=True, exist_ok=True)
    draft = OUTPUT / ".lora.tmp"
    shutil.copyfile(weights, draft)
    os.replace(draft, OUTPUT / (NAME + ".safetensors"))


def main():
    CHECKPOINTS.mkdir(parents=True, exist_ok=True)
    resume_from = os.environ.get("ORCHESTRATOR_RESUME_FROM", "")
    if resume_from:
        done = json.loads((Path(resume_from) / "train_state.json").read_text())["current_step"]
        if done >= STEPS:
            # sd-scripts refuses to resume what has nothing left to do; the state holds the LoRA's weights.
            hand_over(Path(resume_from) / "model.safetensors")
            return 0
    config = HERE / "dataset.toml"
    dataset(config)
    child = subprocess.Popen(command(config, resume_from))
    # sd-scripts does not save when asked to end; what is lost is what came after the last --save_every_n_steps.
    signal.signal(signal.SIGTERM, lambda *_: child.terminate())
    status = child.wait()
    if status != 0:
        return 128 - status if status < 0 else status
    hand_over(CHECKPOINTS / (NAME + ".safetensors"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
