"""Our boosted trees against LightGBM: same tables, rounds, leaves and threads; fit and predict as ratios.

    python engine/benches/trees.py [--repeats 5] [--threads 1 2] [--sets adult synthetic ...] [--data ../shared/data] [--clock processor]

Both get the same matrix of float64: categories as native categories by the same codes (missing is a code of its own), dates
as seconds, blanks as NaN. A fit is counted from that matrix: LightGBM's Dataset construction and training, our binning and
training. A prediction is counted from raw test rows to raw scores (ours with the layout of the forest). The two take turns,
`repeats` times; a ratio below 1 means that ours took less time. `--clock processor` counts processor time (Linux; one thread
only): it says less, but holds on a machine that does other work too. Python (numpy, pandas, lightgbm) and cargo are needed.
"""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time
import warnings

import lightgbm
import numpy
import pandas

ROOT = pathlib.Path(__file__).resolve().parents[2]
ROUNDS, LEAVES = 100, 31
TARGETS = {"adult": "income", "cal_housing": "median_house_value", "nyc_flights": "arr_delay"}
CLASSES = {"adult": 2, "cal_housing": 0, "nyc_flights": 0, "synthetic": 2, "wide": 2, "sparse": 2}


def real(name, folder):
    """Matrices of a public set: train, its target, test, its target, and the codes of each column (0: a number)."""
    path = next((folder / name).glob("train.csv*"))
    train = pandas.read_csv(path)
    test = pandas.read_csv(path.with_name(path.name.replace("train", "test")))
    target = TARGETS[name]
    columns, cardinalities = [], []
    for column in train.columns.drop(target):
        both = [train[column], test[column]]
        if pandas.api.types.is_numeric_dtype(train[column]):
            columns.append([part.to_numpy(float) for part in both])
            cardinalities.append(0)
        elif column == "time_hour":
            columns.append([pandas.to_datetime(part).astype("int64").to_numpy(float) / 1e9 for part in both])
            cardinalities.append(0)
        else:
            # 0 is missing, 1 unseen, then by frequency: what the encoder of the engine does.
            labels = train[column].value_counts().index
            codes = {label: code + 2 for code, label in enumerate(labels)}
            code = lambda value: 0 if pandas.isna(value) else codes.get(value, 1)
            columns.append([part.map(code, na_action=None).to_numpy(float) for part in both])
            cardinalities.append(len(labels) + 2)
    y = [part[target] for part in (train, test)]
    if CLASSES[name]:
        labels = sorted(y[0].unique())
        y = [part.map(labels.index) for part in y]
    x = [numpy.column_stack([column[part] for column in columns]) for part in (0, 1)]
    return x[0], y[0].to_numpy(float), x[1], y[1].to_numpy(float), cardinalities


def synthetic(rows=1_000_000, test_rows=200_000, width=30, seed=7):
    """Normal features, one in twenty blank; a noisy class that a third of them decide, not linearly."""
    random = numpy.random.default_rng(seed)
    x = random.standard_normal((rows + test_rows, width))
    score = x[:, 0] + x[:, 1] * x[:, 2] + numpy.sin(2 * x[:, 3]) + 0.5 * x[:, 4] ** 2 - 0.5
    score += 0.3 * x[:, 5:10].sum(axis=1)
    y = (random.random(rows + test_rows) < 1 / (1 + numpy.exp(-score))).astype(float)
    x[random.random(x.shape) < 0.05] = numpy.nan
    return x[:rows], y[:rows], x[rows:], y[rows:], [0] * width


def wide(rows=5_000, test_rows=5_000, width=1_500, seed=8):
    """Many dense features, of which forty decide a noisy class; each shares a part with its neighbour."""
    random = numpy.random.default_rng(seed)
    x = random.standard_normal((rows + test_rows, width))
    x[:, 1:] += 0.5 * x[:, :-1]
    score = x[:, :600:15] @ random.standard_normal(40) * 0.4 + x[:, 3] * x[:, 700]
    y = (random.random(rows + test_rows) < 1 / (1 + numpy.exp(-score))).astype(float)
    return x[:rows], y[:rows], x[rows:], y[rows:], [0] * width


def sparse(rows=50_000, test_rows=50_000, groups=15, codes=60, counts=100, seed=9):
    """1,000 features, some two in a hundred not 0: fifteen categories of sixty codes one-hot, and a hundred rare counts."""
    random = numpy.random.default_rng(seed)
    total = rows + test_rows
    x = numpy.zeros((total, groups * codes + counts))
    score = numpy.zeros(total)
    for group in range(groups):
        # Frequent codes are much more frequent than rare ones.
        code = numpy.minimum(random.exponential(codes / 5, total).astype(int), codes - 1)
        x[numpy.arange(total), group * codes + code] = 1
        score += (random.standard_normal(codes) * 0.5)[code]
    rare = x[:, groups * codes :]
    rare[:] = random.poisson(0.02, rare.shape) * random.integers(1, 6, rare.shape)
    score += rare @ random.standard_normal(counts) * 0.5
    y = (random.random(total) < 1 / (1 + numpy.exp(-score))).astype(float)
    return x[:rows], y[:rows], x[rows:], y[rows:], [0] * x.shape[1]


GENERATED = {"synthetic": synthetic, "wide": wide, "sparse": sparse}


def write(folder, name, x, y, test, cardinalities):
    """The files that the Rust side reads."""
    table = {"rows": len(x), "test_rows": len(test), "classes": CLASSES[name], "cardinalities": cardinalities}
    (folder / "table.json").write_text(json.dumps(table))
    numpy.asfortranarray(x).ravel(order="F").astype("<f8").tofile(folder / "train.bin")
    y.astype("<f8").tofile(folder / "train_target.bin")
    test.astype("<f8").ravel().tofile(folder / "test.bin")


def lightgbm_run(name, x, y, test, cardinalities, threads, clock=time.perf_counter):
    """Fit and predict seconds of LightGBM, and its raw scores."""
    parameters = {
        "objective": "binary" if CLASSES[name] else "regression",
        "num_leaves": LEAVES, "learning_rate": 0.1, "min_data_in_leaf": 20, "num_threads": threads,
        "seed": 1, "deterministic": True, "verbosity": -1,
    }
    categories = [column for column, codes in enumerate(cardinalities) if codes]
    begin = clock()
    data = lightgbm.Dataset(x, y, categorical_feature=categories, params=parameters)
    booster = lightgbm.train(parameters, data, num_boost_round=ROUNDS)
    fit = clock() - begin
    begin = clock()
    raw = booster.predict(test, raw_score=True)
    return fit, clock() - begin, raw


def our_run(binary, folder, threads, kind):
    """Fit and predict seconds of ours, its raw scores, and the seconds of binning within the fit."""
    command = [binary, str(folder), str(threads), str(ROUNDS), str(LEAVES)]
    line = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    result = json.loads(line)
    raw = numpy.fromfile(folder / "raw.bin", "<f8")
    kind = "_processor" if kind == "processor" else ""
    return result[f"fit{kind}_seconds"], result[f"predict{kind}_seconds"], raw, result["bin_seconds"]


def score(name, y, raw):
    """AUC of classes, RMSE of values."""
    if not CLASSES[name]:
        return float(numpy.sqrt(numpy.mean((y - raw) ** 2)))
    ranks = pandas.Series(raw).rank().to_numpy()
    ones = y.sum()
    return float((ranks[y == 1].sum() - ones * (ones + 1) / 2) / (ones * (len(y) - ones)))


def build():
    """The release binary of the benchmark."""
    command = ["cargo", "bench", "-p", "engine", "--bench", "trees", "--no-run", "--message-format=json"]
    output = subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.PIPE, text=True).stdout
    messages = [json.loads(line) for line in output.splitlines() if line.startswith("{")]
    built = [m["executable"] for m in messages if m.get("executable") and m["target"]["name"] == "trees"]
    return built[-1]


def compare(name, table, binary, threads, repeats, kind):
    """One row of the result."""
    x, y, test, test_y, cardinalities = table
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        write(folder, name, x, y, test, cardinalities)
        rivals, ours = [], []
        for _ in range(repeats):
            clock = time.process_time if kind == "processor" else time.perf_counter
            rivals.append(lightgbm_run(name, x, y, test, cardinalities, threads, clock))
            ours.append(our_run(binary, folder, threads, kind))
    fits = [own[0] / rival[0] for own, rival in zip(ours, rivals)]
    predicts = [own[1] / rival[1] for own, rival in zip(ours, rivals)]
    middle = statistics.median
    return {
        "set": name, "rows": len(x), "columns": x.shape[1], "threads": threads,
        "fit ratio": round(middle(fits), 3), "fit spread": f"{min(fits):.2f}-{max(fits):.2f}",
        "predict ratio": round(middle(predicts), 3), "predict spread": f"{min(predicts):.2f}-{max(predicts):.2f}",
        "fit s": round(middle([own[0] for own in ours]), 3), "of it binning": round(middle([own[3] for own in ours]), 3),
        "LightGBM fit s": round(middle([rival[0] for rival in rivals]), 3),
        "predict s": round(middle([own[1] for own in ours]), 4),
        "LightGBM predict s": round(middle([rival[1] for rival in rivals]), 4),
        "score": round(score(name, test_y, ours[0][2]), 5), "LightGBM score": round(score(name, test_y, rivals[0][2]), 5),
    }


def main():
    """Reads the arguments, measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--clock", choices=["wall", "processor"], default="wall")
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--sets", nargs="+", default=list(CLASSES), choices=list(CLASSES))
    default = os.environ.get("AUTOML_SHARED_DATA", ROOT.parent / "shared" / "data")
    parser.add_argument("--data", type=pathlib.Path, default=pathlib.Path(default))
    parser.add_argument("--binary", help="a benchmark that is built already")
    arguments = parser.parse_args()
    if arguments.clock == "processor" and arguments.threads != [1]:
        parser.error("--clock processor goes with --threads 1: threads that wait for each other also take processor time")
    warnings.filterwarnings("ignore", category=UserWarning)
    binary = arguments.binary or build()
    results = []
    for name in arguments.sets:
        if name not in GENERATED and not (arguments.data / name).is_dir():
            print(f"{name}: skipped, there is no {arguments.data / name} (--data names another folder)", file=sys.stderr)
            continue
        table = GENERATED[name]() if name in GENERATED else real(name, arguments.data)
        for threads in arguments.threads:
            results.append(compare(name, table, binary, threads, arguments.repeats, arguments.clock))
            print(json.dumps(results[-1]), flush=True)
    if not results:
        sys.exit("nothing was measured")
    print("\nscores: AUC (adult, synthetic, wide, sparse; higher is better), RMSE (the others; lower is better)")
    print(pandas.DataFrame(results).to_string(index=False))


if __name__ == "__main__":
    main()
