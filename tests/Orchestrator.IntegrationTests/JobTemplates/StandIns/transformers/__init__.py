"""A stand-in for HF's transformers: its Trainer counts steps instead of training, and keeps the checkpoint layout and the rules of resuming."""

import json
import shutil
from pathlib import Path
from types import SimpleNamespace

import standin


class TrainerCallback:
    pass


class TrainingArguments:
    KNOWN = {
        "output_dir", "max_steps", "per_device_train_batch_size", "gradient_accumulation_steps", "learning_rate", "lr_scheduler_type", "warmup_ratio",
        "bf16", "fp16", "gradient_checkpointing", "gradient_checkpointing_kwargs", "optim", "logging_steps", "save_strategy", "save_steps",
        "save_total_limit", "seed", "data_seed", "report_to", "remove_unused_columns",
    }

    def __init__(self, **given):
        unknown = set(given) - self.KNOWN
        if unknown:
            raise TypeError("unexpected keyword argument %s" % sorted(unknown))
        self.__dict__.update(given)
        self.given = given


class Seq2SeqTrainingArguments(TrainingArguments):
    pass


class Trainer:
    def __init__(self, model, args, train_dataset, data_collator, callbacks):
        self.model, self.args, self.callbacks = model, args, callbacks
        self.rows = [list(row.items()) for row in train_dataset.rows]
        self.state = SimpleNamespace(global_step=0)
        settings = {name: value for name, value in args.given.items() if name != "output_dir"}
        self.weights = standin.begin(model.settings, sorted(settings.items(), key=str), self.rows)

    def train(self, resume_from_checkpoint=None):
        folder = Path(self.args.output_dir)
        folder.mkdir(parents=True, exist_ok=True)
        if resume_from_checkpoint is True:
            found = sorted(folder.glob("checkpoint-*"), key=lambda path: int(path.name.split("-")[1]))
            if not found:
                raise ValueError("No valid checkpoint found in output directory (%s)" % folder)
            resume_from_checkpoint = found[-1]
        if resume_from_checkpoint:
            entry = Path(resume_from_checkpoint)
            self.state.global_step = json.loads((entry / "trainer_state.json").read_text())["global_step"]
            self.weights = (entry / "optimizer.pt").read_text()
            standin.resumed(self.state.global_step, self.args.max_steps)
        while self.state.global_step < self.args.max_steps:
            self.state.global_step += 1
            self.weights = standin.advance(self.weights, self.state.global_step)
            control = SimpleNamespace(should_save=self.state.global_step % self.args.save_steps == 0, should_training_stop=False)
            for callback in self.callbacks:
                callback.on_step_end(self.args, self.state, control)
            if control.should_save or self.state.global_step == self.args.max_steps:
                self._save(folder)
            if control.should_training_stop:
                break
        return SimpleNamespace(training_loss=int(self.weights[:6], 16) / 0xFFFFFF)

    def _save(self, folder):
        entry = folder / ("checkpoint-%d" % self.state.global_step)
        entry.mkdir(exist_ok=True)
        (entry / "adapter_model.safetensors").write_text(self.weights)
        (entry / "optimizer.pt").write_text(self.weights)
        for name in ("scheduler.pt", "rng_state.pth", "training_args.bin"):
            (entry / name).write_text("")
        (entry / "trainer_state.json").write_text(json.dumps({"global_step": self.state.global_step, "max_steps": self.args.max_steps}))
        entries = sorted(folder.glob("checkpoint-*"), key=lambda path: int(path.name.split("-")[1]))
        for old in entries[:-self.args.save_total_limit]:
            shutil.rmtree(old)

    def save_model(self, folder):
        Path(folder).mkdir(parents=True, exist_ok=True)
        (Path(folder) / "adapter_model.safetensors").write_text(self.weights)


class Seq2SeqTrainer(Trainer):
    pass


def set_seed(seed):
    assert isinstance(seed, int)


def _configured(folder):
    return json.loads((Path(folder) / "config.json").read_text())


class _Tokenizer:
    eos_token, pad_token = "</s>", None

    def __call__(self, texts, truncation, max_length):
        assert truncation
        if isinstance(texts, str):
            return SimpleNamespace(input_ids=[ord(character) for character in texts][:max_length])
        return {"input_ids": [[ord(character) for character in text][:max_length] for text in texts]}

    def save_pretrained(self, folder):
        (Path(folder) / "tokenizer.json").write_text("{}")


class AutoTokenizer:
    @staticmethod
    def from_pretrained(folder):
        _configured(folder)
        return _Tokenizer()


class _Model:
    def __init__(self, settings):
        self.settings = settings
        self.config = SimpleNamespace(use_cache=True, decoder_start_token_id=0)
        self.generation_config = SimpleNamespace()

    def enable_input_require_grads(self):
        pass


class AutoModelForCausalLM:
    @staticmethod
    def from_pretrained(folder, torch_dtype=None, quantization_config=None, device_map=None):
        return _Model((_configured(folder)["name"],))


class WhisperForConditionalGeneration(AutoModelForCausalLM):
    pass


class WhisperProcessor:
    def __init__(self):
        self.tokenizer = _Tokenizer()

    def feature_extractor(self, array, sampling_rate):
        assert sampling_rate == 16_000
        return SimpleNamespace(input_features=[sum(array)])

    @staticmethod
    def from_pretrained(folder, language, task):
        _configured(folder)
        return WhisperProcessor()

    def save_pretrained(self, folder):
        (Path(folder) / "preprocessor_config.json").write_text("{}")


class BitsAndBytesConfig:
    def __init__(self, load_in_4bit, bnb_4bit_quant_type, bnb_4bit_use_double_quant, bnb_4bit_compute_dtype):
        pass


class DataCollatorForLanguageModeling:
    def __init__(self, tokenizer, mlm):
        assert tokenizer.pad_token and not mlm
