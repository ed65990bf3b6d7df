"""`automl train` beside AutoGluon, FLAML, H2O and mljar: the same tables, budget and cores, one after the other.

    python tests/bench/automl/bench.py --data ../shared/data --automl target/release/automl --rivals .run/rivals \\
        [--systems ours autogluon_medium ...] [--budgets 30 120] [--seeds 1 2 3] [--cores 2] [--sets adult ...] \\
        [--results target/bench-automl.csv] [--report docs/benchmarks/automl.md]

A data folder holds `manifest.json` (name, task, target) and for each set a folder with `train.csv` and `test.csv`, gzip or
not. Every system gets the training file and the features of the test file; what it predicts is scored here. Runs that the
results file holds already are not repeated, so that a run can be interrupted and continued. The report is made of the file.
"""

import argparse
import csv
import json
import os
import pathlib
import signal
import subprocess
import tempfile
import threading
import time

import pandas

import report
import score

HERE = pathlib.Path(__file__).resolve().parent
# The environment of each rival: a folder beside the others under --rivals.
ENVIRONMENTS = {
    "autogluon_medium": "autogluon",
    "autogluon_best": "autogluon",
    "flaml": "flaml",
    "h2o": "h2o",
    "mljar": "mljar",
}
SYSTEMS = ["ours", *ENVIRONMENTS]
FIELDS = ["set", "task", "system", "budget", "cores", "seed", "error", "metric", "seconds", "memory_mb", "failure"]
# A system that takes this much longer than its budget is ended: budget times the first, and so many seconds.
OVERTIME = (3, 120)


def main():
    arguments = parse()
    done = {key(row) for row in read(arguments.results)}
    sets = json.loads((arguments.data / "manifest.json").read_text())
    for budget in arguments.budgets:
        for seed in arguments.seeds:
            for described in sets:
                if arguments.sets and described["name"] not in arguments.sets:
                    continue
                # Systems take turns on each set, so that a slow hour of the machine is everybody's.
                for system in arguments.systems:
                    run = {"set": described["name"], "system": system, "budget": budget, "cores": arguments.cores, "seed": seed}
                    if key(run) not in done:
                        row = one(arguments, described, run)
                        append(arguments.results, row)
                        print(*(f"{row[field]}" for field in ("budget", "seed", "set", "system", "error", "seconds", "failure")), flush=True)
    table = report.page(pandas.read_csv(arguments.results))
    if arguments.report:
        arguments.report.write_text(table)
    print(table)


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=pathlib.Path, required=True)
    parser.add_argument("--automl", type=pathlib.Path, required=True)
    parser.add_argument("--rivals", type=pathlib.Path, required=True)
    parser.add_argument("--systems", nargs="+", default=SYSTEMS, choices=SYSTEMS)
    parser.add_argument("--budgets", nargs="+", type=int, default=[30, 120])
    parser.add_argument("--seeds", nargs="+", type=int, default=[1, 2, 3])
    parser.add_argument("--cores", type=int, default=2)
    parser.add_argument("--sets", nargs="*", default=[])
    parser.add_argument("--results", type=pathlib.Path, default=pathlib.Path("target/bench-automl.csv"))
    parser.add_argument("--report", type=pathlib.Path)
    return parser.parse_args()


def one(arguments, described, run):
    """One system on one set: a row of the results, with the reason where it failed."""
    folder = arguments.data / described["name"]
    train, test = (next(folder.glob(f"{part}.csv*")).resolve() for part in ("train", "test"))
    with tempfile.TemporaryDirectory(prefix="bench-automl-") as work:
        work = pathlib.Path(work)
        features = work / "features.csv"
        truth = pandas.read_csv(test, dtype=str, keep_default_na=False)
        truth.drop(columns=[described["target"]]).to_csv(features, index=False)
        predictions = work / "predictions.csv"
        commands = commands_of(arguments, described, run, train, features, predictions, work)
        limit = OVERTIME[0] * run["budget"] + OVERTIME[1]
        failure, seconds, memory = "", 0.0, 0.0
        for place, command in enumerate(commands):
            code, wall, peak, words = watched(command, work, run["cores"], limit)
            # Only the first command has to keep the budget; the second predicts.
            seconds = wall if place == 0 else seconds
            memory = max(memory, peak)
            if code != 0:
                failure = f"exit {code}: {words}"
                break
        error = None
        if predictions.exists():
            error = score.error(described["task"], truth[described["target"]], pandas.read_csv(predictions))
    return {
        **run,
        "task": described["task"],
        "metric": score.NAMES[described["task"]],
        "error": error,
        "seconds": round(seconds, 2),
        "memory_mb": round(memory / 2**20),
        "failure": failure if error is None else "",
    }


def commands_of(arguments, described, run, train, features, predictions, work):
    if run["system"] == "ours":
        automl = str(arguments.automl.resolve())
        threads = ["--threads", str(run["cores"])]
        training = [automl, "train", str(train), "--target", described["target"], "--task", described["task"]]
        training += ["--budget", f"{run['budget']}s", "--seed", str(run["seed"]), "--out", str(work / "model"), *threads]
        return [training, [automl, "predict", str(work / "model"), str(features), "--out", str(predictions), *threads]]
    python = arguments.rivals / ENVIRONMENTS[run["system"]] / "bin" / "python"
    order = work / "order.json"
    order.write_text(json.dumps({
        **run,
        "task": described["task"],
        "target": described["target"],
        "train": str(train),
        "features": str(features),
        "predictions": str(predictions),
        "work": str(work),
    }))
    # Reads, fits and predicts in one process, as its users do.
    return [[str(python.absolute()), str(HERE / "rival.py"), str(order)]]


def watched(command, work, cores, limit):
    """Exit code, wall seconds, peak of the summed resident bytes of all its processes, and its last line."""
    threads = dict.fromkeys(["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS"], str(cores))
    environment = {**os.environ, **threads, "TMPDIR": str(work), "PYTHONWARNINGS": "ignore", "MPLBACKEND": "Agg"}
    log = work / "log.txt"
    peak, over = [0], threading.Event()

    def look(process):
        while not over.wait(0.1):
            peak[0] = max(peak[0], sum(resident(pid) for pid in family(process.pid)))

    started = time.monotonic()
    with log.open("wb") as out:
        process = subprocess.Popen(command, cwd=work, env=environment, stdout=out, stderr=subprocess.STDOUT)
        watcher = threading.Thread(target=look, args=[process])
        watcher.start()
        try:
            code = process.wait(limit)
        except subprocess.TimeoutExpired:
            code = "late"
        wall = time.monotonic() - started
        over.set()
        watcher.join()
        for pid in reversed(family(process.pid)):
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        process.wait()
    lines = log.read_text(errors="replace").strip().splitlines()
    return code, wall, peak[0], lines[-1][:200] if lines else ""


def family(pid):
    """A process and all that it started."""
    found, left = [], [pid]
    while left:
        one = left.pop()
        found.append(one)
        for listed in pathlib.Path(f"/proc/{one}/task").glob("*/children"):
            try:
                left += [int(child) for child in listed.read_text().split()]
            except OSError:
                pass
    return found


def resident(pid):
    try:
        return int(pathlib.Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError):
        return 0


def key(row):
    return (row["set"], row["system"], int(row["budget"]), int(row["cores"]), int(row["seed"]))


def read(path):
    if not path.exists():
        return []
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def append(path, row):
    is_new = not path.exists()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", newline="") as file:
        writer = csv.DictWriter(file, FIELDS)
        if is_new:
            writer.writeheader()
        writer.writerow(row)


if __name__ == "__main__":
    main()
