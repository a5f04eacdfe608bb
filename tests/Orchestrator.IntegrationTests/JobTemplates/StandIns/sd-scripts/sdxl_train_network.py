"""A stand-in for kohya's trainer: its arguments, its files, and its way to count steps after --resume."""

import argparse
import json
import re
import shutil
from pathlib import Path

import standin

parser = argparse.ArgumentParser(allow_abbrev=False)
for name in ("pretrained_model_name_or_path", "dataset_config", "output_dir", "output_name", "save_model_as", "save_precision", "network_module",
             "learning_rate", "optimizer_type", "lr_scheduler", "mixed_precision"):
    parser.add_argument("--" + name, required=True)
for name in ("network_dim", "network_alpha", "max_train_steps", "save_every_n_steps", "save_last_n_steps", "seed"):
    parser.add_argument("--" + name, type=int, required=True)
for name in ("network_train_unet_only", "save_state", "cache_latents", "gradient_checkpointing", "sdpa", "no_half_vae", "skip_until_initial_step"):
    parser.add_argument("--" + name, action="store_true")
parser.add_argument("--resume")
args = parser.parse_args()

output = Path(args.output_dir)
folders = [json.loads(text) for text in re.findall("image_dir = (.*)", Path(args.dataset_config).read_text())]
pictures = [file.read_bytes() for folder in folders for file in sorted(Path(folder).iterdir())]
model = Path(args.pretrained_model_name_or_path).read_bytes()
weights = standin.begin(model, pictures, args.network_dim, args.network_alpha, args.learning_rate, args.seed, args.max_train_steps)
step = 0
if args.resume:
    weights = (Path(args.resume) / "optimizer.bin").read_text()
    if args.skip_until_initial_step:
        step = json.loads((Path(args.resume) / "train_state.json").read_text())["current_step"]
        standin.resumed(step, args.max_train_steps)
    assert args.max_train_steps > step, "max_train_steps should be greater than initial step"
while step < args.max_train_steps:
    step += 1
    weights = standin.advance(weights, step)
    if args.save_state and step % args.save_every_n_steps == 0:
        (output / ("%s-step%08d.safetensors" % (args.output_name, step))).write_text(weights)
        state = output / ("%s-step%08d-state" % (args.output_name, step))
        state.mkdir(exist_ok=True)
        for name in ("model.safetensors", "optimizer.bin"):
            (state / name).write_text(weights)
        for name in ("scheduler.bin", "random_states_0.pkl"):
            (state / name).write_text("")
        (state / "train_state.json").write_text(json.dumps({"current_epoch": 1, "current_step": step}))
        old = step - args.save_last_n_steps - 1
        old -= old % args.save_every_n_steps
        shutil.rmtree(output / ("%s-step%08d-state" % (args.output_name, old)), ignore_errors=True)
(output / ("%s.safetensors" % args.output_name)).write_text(weights)
