"""Fine-tunes a causal language model with LoRA over 4-bit (QLoRA) or whole base weights, with HF's Trainer.

Texts: every .jsonl under the data folder, one object a line with the text in COLUMN. The base model lies in /model, beside /ckpt.
HF's Trainer keeps checkpoint-STEP folders with adapter, optimizer, schedule and random numbers, and skips the samples it has seen.
"""

import json
import os
import signal
import sys
from pathlib import Path

import torch
from datasets import load_dataset
from peft import LoraConfig, get_peft_model, prepare_model_for_kbit_training
from transformers import (AutoModelForCausalLM, AutoTokenizer, BitsAndBytesConfig, DataCollatorForLanguageModeling, Trainer,
                          TrainingArguments, set_seed)

from asked import Asked

CHECKPOINTS = Path(os.environ["ORCHESTRATOR_CHECKPOINT_DIR"])
OUTPUT = Path(os.environ["ORCHESTRATOR_OUTPUT_DIR"])
DATA = Path(os.environ["ORCHESTRATOR_DATA_DIR"])
MODEL = CHECKPOINTS.parent / "model"
METHOD = os.environ.get("METHOD", "qlora")
STEPS = int(os.environ.get("STEPS", "1000"))
SEED = int(os.environ.get("SEED", "1"))


def load_model():
    cuda = torch.cuda.is_available()
    if METHOD != "qlora":
        model = AutoModelForCausalLM.from_pretrained(MODEL, torch_dtype="auto")
        model.enable_input_require_grads()  # gradient checkpointing would find nothing to go back to otherwise
    else:
        if not cuda:
            sys.exit("qlora needs a CUDA card for its 4-bit weights; take vars: {method: lora}")
        quantized = BitsAndBytesConfig(load_in_4bit=True, bnb_4bit_quant_type="nf4", bnb_4bit_use_double_quant=True,
                                       bnb_4bit_compute_dtype=torch.bfloat16)
        model = AutoModelForCausalLM.from_pretrained(MODEL, quantization_config=quantized, device_map={"": 0})
        model = prepare_model_for_kbit_training(model)
    model.config.use_cache = False
    rank = int(os.environ.get("RANK", "16"))
    return get_peft_model(model, LoraConfig(r=rank, lora_alpha=2 * rank, lora_dropout=0.05, target_modules="all-linear",
                                            task_type="CAUSAL_LM"))


def load_texts(tokenizer):
    files = sorted(str(path) for path in DATA.rglob("*.jsonl"))
    if not files:
        sys.exit("no .jsonl file under %s; add to the spec: data: {/data: ./texts}" % DATA)
    column, length = os.environ.get("COLUMN", "text"), int(os.environ.get("LENGTH", "2048"))
    texts = load_dataset("json", data_files=files, split="train")
    if column not in texts.column_names:
        sys.exit("the lines have no %r, only %s; set vars: {column: NAME}" % (column, ", ".join(texts.column_names)))
    return texts.map(lambda lines: tokenizer([text + tokenizer.eos_token for text in lines[column]], truncation=True, max_length=length),
                     batched=True, remove_columns=texts.column_names)


def main():
    set_seed(SEED)
    tokenizer = AutoTokenizer.from_pretrained(MODEL)
    tokenizer.pad_token = tokenizer.pad_token or tokenizer.eos_token
    cuda = torch.cuda.is_available()
    asked = Asked()
    trainer = Trainer(
        model=load_model(),
        args=TrainingArguments(
            output_dir=str(CHECKPOINTS),
            max_steps=STEPS,
            per_device_train_batch_size=int(os.environ.get("BATCH", "2")),
            gradient_accumulation_steps=int(os.environ.get("ACCUMULATE", "8")),
            learning_rate=float(os.environ.get("LEARNING_RATE", "2e-4")),
            lr_scheduler_type="cosine",
            warmup_ratio=0.03,
            bf16=cuda and torch.cuda.is_bf16_supported(),
            gradient_checkpointing=True,
            gradient_checkpointing_kwargs={"use_reentrant": False},
            optim="paged_adamw_8bit" if METHOD == "qlora" else "adamw_torch",
            logging_steps=10,
            save_strategy="steps",
            save_steps=int(os.environ.get("SAVE_EVERY", "100")),
            save_total_limit=2,
            seed=SEED,
            data_seed=SEED,
            report_to="none",
        ),
        train_dataset=load_texts(tokenizer),
        data_collator=DataCollatorForLanguageModeling(tokenizer, mlm=False),
        callbacks=[asked],
    )
    # A path or None: True would raise on the first attempt, when there is no checkpoint yet.
    result = trainer.train(resume_from_checkpoint=os.environ.get("ORCHESTRATOR_RESUME_FROM") or None)
    if asked.stop and trainer.state.global_step < STEPS:
        return 128 + signal.SIGTERM
    trainer.save_model(str(OUTPUT))
    tokenizer.save_pretrained(str(OUTPUT))
    (OUTPUT / "result.json").write_text(json.dumps({"steps": trainer.state.global_step, "loss": result.training_loss}) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
