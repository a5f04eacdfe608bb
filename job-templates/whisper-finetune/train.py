"""Fine-tunes Whisper with HF's Seq2SeqTrainer on a folder of recordings and a metadata.csv (file_name, transcription).

The model lies in /model, beside /ckpt. Checkpoints are the Trainer's checkpoint-STEP folders.
"""

import json
import os
import signal
import sys
from pathlib import Path

import torch
from datasets import Audio, load_dataset
from transformers import Seq2SeqTrainer, Seq2SeqTrainingArguments, WhisperForConditionalGeneration, WhisperProcessor, set_seed

from asked import Asked

CHECKPOINTS = Path(os.environ["ORCHESTRATOR_CHECKPOINT_DIR"])
OUTPUT = Path(os.environ["ORCHESTRATOR_OUTPUT_DIR"])
DATA = Path(os.environ["ORCHESTRATOR_DATA_DIR"])
MODEL = CHECKPOINTS.parent / "model"
STEPS = int(os.environ.get("STEPS", "4000"))
SEED = int(os.environ.get("SEED", "1"))
COLUMN = os.environ.get("COLUMN", "transcription")


def load_recordings(processor):
    if not (DATA / "metadata.csv").exists():
        sys.exit("no metadata.csv in %s; add to the spec: data: {/data: ./recordings}" % DATA)
    recordings = load_dataset("audiofolder", data_dir=str(DATA), split="train").cast_column("audio", Audio(sampling_rate=16_000))
    if COLUMN not in recordings.column_names:
        sys.exit("metadata.csv has no column %r, only %s; set vars: {column: NAME}" % (COLUMN, ", ".join(recordings.column_names)))

    def prepare(row):
        sound = row["audio"]
        features = processor.feature_extractor(sound["array"], sampling_rate=sound["sampling_rate"]).input_features[0]
        return {"input_features": features, "labels": processor.tokenizer(row[COLUMN], truncation=True, max_length=448).input_ids}

    return recordings.map(prepare, remove_columns=recordings.column_names)


class Collator:
    """Pads sounds and texts apart; padding of a text is no target."""

    def __init__(self, processor, start_token):
        self.processor, self.start_token = processor, start_token

    def __call__(self, rows):
        batch = self.processor.feature_extractor.pad([{"input_features": row["input_features"]} for row in rows], return_tensors="pt")
        texts = self.processor.tokenizer.pad([{"input_ids": row["labels"]} for row in rows], return_tensors="pt")
        labels = texts["input_ids"].masked_fill(texts.attention_mask.ne(1), -100)
        if (labels[:, 0] == self.start_token).all().item():
            labels = labels[:, 1:]  # the model puts it in front itself
        batch["labels"] = labels
        return batch


def main():
    set_seed(SEED)
    processor = WhisperProcessor.from_pretrained(MODEL, language=os.environ.get("LANGUAGE_NAME", "english"), task=os.environ.get("TASK", "transcribe"))
    model = WhisperForConditionalGeneration.from_pretrained(MODEL)
    model.generation_config.language = os.environ.get("LANGUAGE_NAME", "english")
    model.generation_config.task = os.environ.get("TASK", "transcribe")
    model.generation_config.forced_decoder_ids = None
    asked = Asked()
    trainer = Seq2SeqTrainer(
        model=model,
        args=Seq2SeqTrainingArguments(
            output_dir=str(CHECKPOINTS),
            max_steps=STEPS,
            per_device_train_batch_size=int(os.environ.get("BATCH", "16")),
            learning_rate=float(os.environ.get("LEARNING_RATE", "1e-5")),
            warmup_ratio=0.1,
            fp16=torch.cuda.is_available(),
            gradient_checkpointing=True,
            gradient_checkpointing_kwargs={"use_reentrant": False},
            logging_steps=10,
            save_strategy="steps",
            save_steps=int(os.environ.get("SAVE_EVERY", "500")),
            save_total_limit=2,
            seed=SEED,
            data_seed=SEED,
            remove_unused_columns=False,
            report_to="none",
        ),
        train_dataset=load_recordings(processor),
        data_collator=Collator(processor, model.config.decoder_start_token_id),
        callbacks=[asked],
    )
    # A path or None: True would raise on the first attempt, when there is no checkpoint yet.
    result = trainer.train(resume_from_checkpoint=os.environ.get("ORCHESTRATOR_RESUME_FROM") or None)
    if asked.stop and trainer.state.global_step < STEPS:
        return 128 + signal.SIGTERM
    trainer.save_model(str(OUTPUT))
    processor.save_pretrained(str(OUTPUT))
    (OUTPUT / "result.json").write_text(json.dumps({"steps": trainer.state.global_step, "loss": result.training_loss}) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
