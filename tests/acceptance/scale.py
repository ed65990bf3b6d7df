#!/usr/bin/env python3
"""Large tables in little memory: trains on a million rows of fifty columns, and profiles a CSV file of five gigabytes.

scale.py BINARY [--rows 1000000] [--budget 600] [--memory 4GiB] [--threads 2] [--gigabytes 5] [--profile-memory 1GiB] [--only train|profile]

The first table is drawn: 36 numbers, 10 categories of 2 to 2,000 values, two dates and two numbers that say nothing; two classes whose
probability is known, so that the AUC of the best possible answer is known too. The run is in order when the whole process ends within two
seconds after the budget, its resident memory stays below the limit, members that carry the weight were fitted on all rows, and it
reaches most of what can be known. The second is one block of rows over and over; the profile is in order when its figures of all rows
are exact and its memory stays below the limit. Prints a line for each and exits with 1 when one was not in order. Needs numpy and
disk for the tables (1.2 GB and five).
"""
import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

import numpy as np

from budgets import OVERTIME, bytes_of, watched

# Share of what the best answer knows beyond chance that a model has to reach.
LEAST_KNOWN = 0.9
# Weight of members that were fitted on all rows.
LEAST_WHOLE = 0.5
TEST_ROWS = 50_000
CHUNK = 100_000
LEVELS = [2, 3, 5, 8, 12, 30, 100, 300, 1000, 2000]
BLOCK_ROWS = 400_000
ANSWERS = "predictions.csv"


def chunk(random, rows, effects):
    """Columns of so many rows as text, and the log-odds of the second class."""
    numbers = random.normal(0, 1, (rows, 36))
    numbers[:, 6:12] = np.exp(numbers[:, 6:12])
    levels = [random.integers(0, count, rows) for count in LEVELS]
    days = random.integers(0, 2000, (rows, 2))
    odds = 0.9 * numbers[:, 0] - 0.6 * numbers[:, 1] * numbers[:, 2] + 0.5 * np.log(numbers[:, 6]) + 0.7 * np.sin(2 * numbers[:, 3])
    odds += 0.6 * (numbers[:, 4] > 0.5) * (numbers[:, 5] < 0.3) + 0.4 * np.cos(days[:, 0] * 2 * np.pi / 365.25)
    for column, level in enumerate(levels):
        odds += effects[column][level]
    columns = [np.char.mod("%.5g", numbers[:, column]) for column in range(36)]
    for column in range(0, 36, 4):
        columns[column + 3][random.random(rows) < 0.05] = ""
    columns += [np.char.add("level ", level.astype(str)) for level in levels]
    start = np.datetime64("2018-01-01")
    columns += [(start + days[:, column]).astype(str) for column in range(2)]
    columns += [random.integers(0, 10**9, rows).astype(str) for _ in range(2)]
    return columns, odds


def write_table(path, rows, seed, effects):
    """Writes a table; returns its log-odds and classes."""
    random = np.random.default_rng(seed)
    all_odds, all_classes = [], []
    with path.open("w") as file:
        file.write(",".join([*(f"c{column}" for column in range(50)), "target"]) + "\n")
        for start in range(0, rows, CHUNK):
            columns, odds = chunk(random, min(CHUNK, rows - start), effects)
            classes = random.random(len(odds)) < 1 / (1 + np.exp(-odds))
            columns.append(np.where(classes, "yes", "no"))
            file.writelines(",".join(row) + "\n" for row in zip(*columns))
            all_odds.append(odds)
            all_classes.append(classes)
    return np.concatenate(all_odds), np.concatenate(all_classes)


def auc(scores, classes):
    order = np.argsort(scores, kind="stable")
    _, start, counts = np.unique(scores[order], return_index=True, return_counts=True)
    ranks = np.repeat(start + (counts + 1) / 2, counts)
    ones = classes[order].sum()
    return (ranks[classes[order]].sum() - ones * (ones + 1) / 2) / (ones * (len(classes) - ones))


def train(arguments, work):
    """What training on many rows took, and what was wrong with it."""
    random = np.random.default_rng(1)
    effects = [random.normal(0, 0.4, count) for count in LEVELS]
    write_table(work / "train.csv", arguments.rows, 2, effects)
    odds, classes = write_table(work / "test.csv", TEST_ROWS, 3, effects)
    out = work / "model"
    command = [arguments.binary, "train", str(work / "train.csv"), "--target", "target", "--budget", f"{arguments.budget}s"]
    command += ["--threads", str(arguments.threads), "--memory", arguments.memory, "--seed", "1", "--json", "--out", str(out)]
    seconds, peak, code, words = watched(command, work / "log")
    told = {"check": "train", "rows": arguments.rows, "seconds": round(seconds, 1), "peak_mib": peak >> 20}
    if code != 0:
        return {**told, "wrong": f"exit {code}: {words[-300:]}"}
    run = json.loads((out / "run.json").read_text())
    whole = sum(member["weight"] for member in run["replay"]["members"] if member["refit"] is not None)
    subprocess.run([arguments.binary, "predict", str(out), str(work / "test.csv"), "--out", str(work / ANSWERS)], check=True, stdout=subprocess.DEVNULL)
    known = known_share(work / ANSWERS, odds, classes)
    told |= {"trials": len(run["trials"]), "fitted_on_all_rows": round(whole, 2), "known": round(known, 3), "onnx_withheld": run["onnx_withheld"]}
    wrong = []
    if seconds > arguments.budget + OVERTIME:
        wrong.append(f"{seconds - arguments.budget:.1f} s over the budget")
    if peak > bytes_of(arguments.memory):
        wrong.append("over the memory")
    if whole < LEAST_WHOLE:
        wrong.append("the members were not fitted on all rows")
    if known < LEAST_KNOWN:
        wrong.append("much of what can be known was missed")
    return {**told, "wrong": "; ".join(wrong)}


def known_share(path, odds, classes):
    """AUC beyond 0.5 of the answers, by that of the true log-odds."""
    with path.open() as file:
        names = file.readline().strip().split(",")
        place = names.index("p_yes")
        scores = np.array([float(line.split(",")[place]) for line in file])
    return (auc(scores, classes) - 0.5) / (auc(odds, classes) - 0.5)


def profile(arguments, work):
    """What the profile of a large file took, and which figures were wrong."""
    random = np.random.default_rng(4)
    numbers = random.integers(-(10**6), 10**6, BLOCK_ROWS)
    blank = random.random(BLOCK_ROWS) < 0.125
    words = np.char.add("word ", random.integers(0, 5000, BLOCK_ROWS).astype(str))
    fillers = [np.char.mod("%.6f", random.normal(0, 1, BLOCK_ROWS)) for _ in range(16)]
    columns = [numbers.astype(str), np.where(blank, "", numbers.astype(str)), words, *fillers]
    block = ("\n".join(",".join(row) for row in zip(*columns)) + "\n").encode()
    times = -(-int(arguments.gigabytes * 10**9) // len(block))
    path = work / "large.csv"
    with path.open("wb") as file:
        file.write((",".join(["number", "some", "word", *(f"c{column}" for column in range(16))]) + "\n").encode())
        for _ in range(times):
            file.write(block)
    out = work / "profile.json"
    command = [arguments.binary, "profile", str(path), "--json", "--threads", str(arguments.threads), "--memory", arguments.profile_memory]
    seconds, peak, code, words = watched(command, work / "log", out)
    size = path.stat().st_size
    told = {"check": "profile", "bytes": size, "rows": times * BLOCK_ROWS, "seconds": round(seconds, 1), "peak_mib": peak >> 20}
    if code != 0:
        return {**told, "wrong": f"exit {code}: {words[-300:]}"}
    said = json.loads(out.read_text())
    first, some = said["columns"][0], said["columns"][1]
    expected = {
        "rows": (said["rows"], times * BLOCK_ROWS),
        "missing": (some["missing"], times * int(blank.sum())),
        "least": (first["numbers"]["min"], int(numbers.min())),
        "largest": (first["numbers"]["max"], int(numbers.max())),
        "mean": (round(first["numbers"]["mean"], 6), round(float(numbers.mean()), 6)),
    }
    wrong = [f"{name} is {found}, not {true}" for name, (found, true) in expected.items() if found != true]
    if said["columns"][2]["kind"] != "categorical":
        wrong.append(f"5,000 words are {said['columns'][2]['kind']}")
    if peak > bytes_of(arguments.profile_memory):
        wrong.append("over the memory")
    return {**told, "sampled_rows": said.get("sampled_rows"), "wrong": "; ".join(wrong)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--budget", type=int, default=600, help="seconds")
    parser.add_argument("--memory", default="4GiB", help="whole GiB")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--gigabytes", type=float, default=5)
    parser.add_argument("--profile-memory", default="1GiB", help="whole GiB")
    parser.add_argument("--only", choices=["train", "profile"])
    arguments = parser.parse_args()
    wrong = False
    for check in (train, profile):
        if arguments.only in (None, check.__name__):
            with tempfile.TemporaryDirectory() as work:
                told = check(arguments, pathlib.Path(work))
            wrong |= bool(told["wrong"])
            print(json.dumps(told), flush=True)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
