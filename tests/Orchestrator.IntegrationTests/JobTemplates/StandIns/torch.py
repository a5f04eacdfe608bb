"""What the templates ask of torch before they train: there is no card here."""

bfloat16 = "bfloat16"


class cuda:
    @staticmethod
    def is_available():
        return False

    @staticmethod
    def is_bf16_supported():
        return False
