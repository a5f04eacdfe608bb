import csv
import json
from pathlib import Path


class Audio:
    def __init__(self, sampling_rate):
        self.sampling_rate = sampling_rate


class Dataset:
    def __init__(self, rows):
        self.rows = rows

    @property
    def column_names(self):
        return list(self.rows[0])

    def cast_column(self, name, kind):
        return Dataset([{**row, name: {"array": row[name], "sampling_rate": kind.sampling_rate}} for row in self.rows])

    def map(self, change, remove_columns, batched=False):
        if not batched:
            return Dataset([change(row) for row in self.rows])
        changed = change({name: [row[name] for row in self.rows] for name in self.column_names})
        return Dataset([dict(zip(changed, values)) for values in zip(*changed.values())])


def load_dataset(kind, split, data_files=None, data_dir=None):
    assert split == "train"
    if kind == "json":
        return Dataset([json.loads(line) for file in data_files for line in Path(file).read_text().splitlines()])
    assert kind == "audiofolder"
    with open(Path(data_dir) / "metadata.csv", newline="") as table:
        return Dataset([{"audio": list((Path(data_dir) / row.pop("file_name")).read_bytes()), **row} for row in csv.DictReader(table)])
