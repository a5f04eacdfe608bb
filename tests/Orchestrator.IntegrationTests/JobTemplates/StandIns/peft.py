class LoraConfig:
    def __init__(self, r, lora_alpha, lora_dropout, target_modules, task_type):
        self.settings = (r, lora_alpha, lora_dropout, target_modules, task_type)


def get_peft_model(model, config):
    model.settings += config.settings
    return model


def prepare_model_for_kbit_training(model):
    return model
