#!/usr/bin/env python3
"""Trains on every set of a data folder and checks what was promised, through the binary alone.

check.py BINARY DATA_FOLDER [--budget 60] [--threads 2] [--only NAME,…] [--out results.csv]

For each set (train.csv, test.csv, manifest.json says target and task): `automl train` ends within budget + 5 s; the holdout estimate is within
three standard errors of the test score; `automl predict` and onnxruntime on `model.onnx` agree within 1e-5 on every test row.
Prints one line a set and exits with 1 when a promise was broken. Needs numpy and onnxruntime.
"""
import argparse, csv, gzip, json, os, subprocess, sys, tempfile, time

import numpy as np
import onnxruntime as ort

MISSING = {"", "NA", "N/A", "n/a", "#N/A", "NaN", "nan", "NULL", "null", "None", "none", "<NA>", "?"}


def rows_of(path):
    opener = gzip.open if path.endswith(".gz") else open
    with opener(path, "rt", newline="") as file:
        return list(csv.DictReader(file))


def auc(actual, score):
    order = np.argsort(score, kind="stable")
    ranks = np.empty(len(score))
    ordered = score[order]
    start = 0
    while start < len(ordered):
        end = start
        while end < len(ordered) and ordered[end] == ordered[start]:
            end += 1
        ranks[order[start:end]] = (start + end + 1) / 2
        start = end
    positives = actual.sum()
    return (ranks[actual].sum() - positives * (positives + 1) / 2) / (positives * (len(actual) - positives))


def score_of(task, actual, predictions, classes):
    """The metric of the task on the given rows; higher or lower is better as usual for it."""
    if task == "regression":
        return float(np.sqrt(np.mean((predictions - actual) ** 2)))
    index = {label: position for position, label in enumerate(classes)}
    codes = np.array([index[label] for label in actual])
    if task == "binary":
        return float(auc(codes == 1, predictions[:, 1]))
    return float(-np.mean(np.log(np.clip(predictions[np.arange(len(codes)), codes], 1e-15, 1))))


def standard_error(task, actual, predictions, classes, rows, repeats=200):
    """Bootstrap standard error of the score on `rows` rows."""
    random = np.random.default_rng(0)
    values = []
    for _ in range(repeats):
        picked = random.integers(0, len(predictions), min(rows, 20000))
        try:
            part = actual[picked]
            if task == "binary" and len(set(part)) < 2:
                continue
            values.append(score_of(task, part, predictions[picked], classes))
        except ZeroDivisionError:
            continue
    return float(np.std(values)) * (min(rows, 20000) / rows) ** 0.5


def ask_onnx(path, rows, task):
    """Answers of onnxruntime on raw rows, in blocks."""
    options = ort.SessionOptions()
    options.intra_op_num_threads = 2
    session = ort.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    wanted = "prediction" if task == "regression" else "probabilities"
    parts = []
    for start in range(0, len(rows), 20000):
        block = rows[start : start + 20000]
        feeds = {}
        for node in session.get_inputs():
            cells = [row[node.name] for row in block]
            if node.type == "tensor(string)":
                feeds[node.name] = np.array([[cell] for cell in cells], dtype=object)
            else:
                numbers = [float("nan") if cell in MISSING else float(cell) for cell in cells]
                feeds[node.name] = np.array(numbers, dtype=np.float64).reshape(-1, 1)
        parts.append(session.run([wanted], feeds)[0])
    answers = np.concatenate(parts)
    return answers.reshape(-1) if task == "regression" else answers


def check(binary, folder, name, entry, budget, threads):
    task, target = entry["task"], entry["target"]
    ending = ".csv.gz" if os.path.exists(os.path.join(folder, name, "train.csv.gz")) else ".csv"
    train, test = (os.path.join(folder, name, part + ending) for part in ("train", "test"))
    with tempfile.TemporaryDirectory() as work:
        out, predicted = os.path.join(work, "model"), os.path.join(work, "predictions.csv")
        started = time.monotonic()
        command = [binary, "train", train, "--target", target, "--task", task, "--budget", f"{budget}s", "--threads", str(threads), "--json", "--out", out]
        done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        seconds = time.monotonic() - started
        if done.returncode != 0:
            return {"set": name, "broken": f"train exited {done.returncode}: {done.stderr.strip()[-300:]}"}
        subprocess.run([binary, "predict", out, test, "--out", predicted], check=True, stdout=subprocess.DEVNULL)
        rows = rows_of(test)
        answers = rows_of(predicted)
        run = json.load(open(os.path.join(out, "run.json")))
        evaluation = run["evaluation"]
        actual = np.array([row[target] for row in rows])
        if task == "regression":
            classes, actual = [], actual.astype(float)
            native = np.array([float(row["prediction"]) for row in answers])
        else:
            columns = [column for column in answers[0] if column.startswith("p_")]
            classes = [column[2:] for column in columns]
            native = np.array([[float(row[column]) for column in columns] for row in answers])
        result = {"set": name, "seconds": round(seconds, 1), "holdout": evaluation["score"]}
        broken = []
        if seconds > budget + 5:
            broken.append(f"took {seconds:.1f} s")
        result["test"] = score_of(task, actual, native, classes)
        # Both estimates are noisy: the holdout's by its rows, the test's by its own.
        errors = [standard_error(task, actual, native, classes, count) for count in (evaluation["holdout_rows"], len(rows))]
        error = float(np.hypot(*errors))
        result["z"] = round((evaluation["score"] - result["test"]) / error, 2)
        if abs(result["z"]) > 3:
            broken.append(f"holdout is {result['z']} standard errors from the test score")
        onnx = os.path.join(out, "model.onnx")
        if os.path.exists(onnx):
            other = ask_onnx(onnx, rows, task)
            scale = np.maximum(1, np.abs(native)) if task == "regression" else 1
            result["difference"] = float(np.max(np.abs(other - native) / scale))
            result["onnx_mb"] = round(os.path.getsize(onnx) / 1e6, 2)
            if not result["difference"] <= 1e-5:
                broken.append(f"onnx differs by {result['difference']:.2e}")
        else:
            broken.append("no model.onnx")
        result["broken"] = "; ".join(broken)
        return result


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("data")
    parser.add_argument("--budget", type=int, default=60)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--only", default="")
    arguments = parser.parse_args()
    manifest = json.load(open(os.path.join(arguments.data, "manifest.json")))
    entries = manifest.items() if isinstance(manifest, dict) else [(entry["name"], entry) for entry in manifest]
    wanted = [name for name in arguments.only.split(",") if name]
    failed = False
    for name, entry in entries:
        if (wanted and name not in wanted) or not os.path.isdir(os.path.join(arguments.data, name)):
            continue
        result = check(arguments.binary, arguments.data, name, entry, arguments.budget, arguments.threads)
        failed |= bool(result["broken"])
        print(json.dumps(result), flush=True)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
