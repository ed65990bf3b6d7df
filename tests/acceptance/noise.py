#!/usr/bin/env python3
"""Trains on tables in which nothing says anything about the target, and counts how often the report says so.

noise.py BINARY [--runs 100] [--budget 10] [--threads 2] [--first 1]

Each run has its own table, made from its number: 100 to 3,000 rows, 3 to 30 columns of numbers and categories, some cells missing, and
a target of two classes (even or rare), three classes, or a number (normal or heavy-tailed). A run is right when the evaluation says that
the model is no better than the baseline. Prints one line a run and exits with 1 when fewer than 95 of 100 were right. Needs numpy.
"""
import argparse
import csv
import json
import pathlib
import subprocess
import sys
import tempfile

import numpy as np

LEAST_SHARE = 0.95
TARGETS = ["even", "rare", "three", "normal", "heavy"]


def table_of(number, path):
    """Writes the table of that number; returns its kind of target, rows and columns."""
    random = np.random.default_rng(number)
    kind = TARGETS[number % len(TARGETS)]
    rows, columns = int(random.integers(100, 3000)), int(random.integers(3, 30))
    cells = []
    for column in range(columns):
        if column % 3 == 2:
            values = [f"level {level}" for level in random.integers(0, random.integers(2, 40), rows)]
        else:
            values = [f"{value:.5g}" for value in random.normal(0, 1, rows)]
        gone = random.random(rows) < random.choice([0.0, 0.0, 0.1])
        cells.append(["" if is_gone else value for value, is_gone in zip(values, gone)])
    target = {
        "even": lambda: random.choice(["yes", "no"], rows),
        "rare": lambda: random.choice(["yes", "no"], rows, p=[0.1, 0.9]),
        "three": lambda: random.choice(["red", "green", "blue"], rows, p=[0.5, 0.3, 0.2]),
        "normal": lambda: random.normal(10, 2, rows),
        "heavy": lambda: np.exp(random.normal(0, 1, rows)),
    }[kind]()
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*(f"c{column}" for column in range(columns)), "target"])
        writer.writerows(zip(*cells, target))
    return kind, rows, columns


def one(arguments, number):
    """True when the run said that there is nothing."""
    with tempfile.TemporaryDirectory() as work:
        work = pathlib.Path(work)
        kind, rows, columns = table_of(number, work / "table.csv")
        command = [arguments.binary, "train", str(work / "table.csv"), "--target", "target", "--budget", f"{arguments.budget}s"]
        command += ["--threads", str(arguments.threads), "--seed", str(number), "--json", "--out", str(work / "model")]
        done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        if done.returncode != 0:
            sys.exit(f"run {number}: {done.stderr.strip()[-300:]}")
        evaluation = json.loads((work / "model" / "run.json").read_text())["evaluation"]
    is_right = evaluation["is_better_than_baseline"] is not True and "no better than the baseline" in evaluation["summary"]
    figures = {name: evaluation[name] for name in ("metric", "score", "low", "high", "baseline")}
    print(json.dumps({"run": number, "target": kind, "rows": rows, "columns": columns, "is_right": is_right, **figures}), flush=True)
    return is_right


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("--runs", type=int, default=100)
    parser.add_argument("--budget", type=int, default=10)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--first", type=int, default=1, help="number of the first table")
    arguments = parser.parse_args()
    right = sum(one(arguments, number) for number in range(arguments.first, arguments.first + arguments.runs))
    print(f"{right} of {arguments.runs} runs on noise said that the model is no better than the baseline")
    sys.exit(0 if right >= LEAST_SHARE * arguments.runs else 1)


if __name__ == "__main__":
    main()
