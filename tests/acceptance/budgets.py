#!/usr/bin/env python3
"""Trains on the sets of a data folder with budgets from 10 to 120 seconds and checks that none is overrun and the memory is kept.

budgets.py BINARY DATA_FOLDER [--runs 100] [--threads 2] [--first 1] [--memory 4GiB]

Set, budget (uniform in its logarithm), seed and preset of a run follow from its number. A run is in order when the whole process ends
within two seconds after the budget, its resident memory stays below the limit, and a model with its ONNX file is there. Prints one
line a run and exits with 1 when one was not in order.
"""
import argparse
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import time

OVERTIME = 2.0
SHORTEST, LONGEST = 10.0, 120.0
PRESETS = ["balanced", "balanced", "quick", "best"]


def one(arguments, sets, number):
    """What a run took, and what was wrong with it."""
    drawn = random.Random(number)
    entry = sets[number % len(sets)]
    budget = round(SHORTEST * (LONGEST / SHORTEST) ** drawn.random())
    preset = drawn.choice(PRESETS)
    train = next((arguments.data / entry["name"]).glob("train.csv*"))
    with tempfile.TemporaryDirectory() as work:
        out = pathlib.Path(work) / "model"
        command = [arguments.binary, "train", str(train), "--target", entry["target"], "--task", entry["task"], "--preset", preset]
        command += ["--budget", f"{budget}s", "--threads", str(arguments.threads), "--memory", arguments.memory]
        command += ["--seed", str(number), "--json", "--out", str(out)]
        seconds, peak, code, words = watched(command, pathlib.Path(work) / "log")
        run = {"run": number, "set": entry["name"], "preset": preset, "budget": budget, "seconds": round(seconds, 2), "peak_mib": peak >> 20}
        wrong = []
        if code != 0:
            wrong.append(f"exit {code}: {words[-200:]}")
        elif not (out / "model.onnx").exists():
            wrong.append("no ONNX file: " + str(json.loads((out / "run.json").read_text()).get("onnx_withheld")))
        if seconds > budget + OVERTIME:
            wrong.append(f"{seconds - budget:.1f} s over the budget")
        if peak > bytes_of(arguments.memory):
            wrong.append("over the memory")
    return {**run, "wrong": "; ".join(wrong)}


def watched(command, log, out=pathlib.Path(os.devnull)):
    """Wall seconds, peak resident bytes, exit code and what it said of errors."""
    peak = 0
    with log.open("wb") as errors, out.open("wb") as answers:
        started = time.monotonic()
        process = subprocess.Popen(command, stdout=answers, stderr=errors)
        while process.poll() is None:
            # The kernel's own high-water mark, which misses nothing between two looks.
            try:
                status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
            except OSError:
                status = ""
            marks = [line for line in status.splitlines() if line.startswith("VmHWM:")]
            peak = max([peak, *(int(mark.split()[1]) << 10 for mark in marks)])
            time.sleep(0.05)
        seconds = time.monotonic() - started
    return seconds, peak, process.returncode, log.read_text(errors="replace").strip()


def bytes_of(words):
    return int(words.removesuffix("GiB")) << 30


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("data", type=pathlib.Path)
    parser.add_argument("--runs", type=int, default=100)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--first", type=int, default=1, help="number of the first run")
    parser.add_argument("--memory", default="4GiB", help="whole GiB")
    arguments = parser.parse_args()
    manifest = json.loads((arguments.data / "manifest.json").read_text())
    sets = [entry for entry in manifest if (arguments.data / entry["name"]).is_dir()]
    wrong = 0
    for number in range(arguments.first, arguments.first + arguments.runs):
        run = one(arguments, sets, number)
        wrong += bool(run["wrong"])
        print(json.dumps(run), flush=True)
    print(f"{wrong} of {arguments.runs} runs were not in order")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
