"""Our network against the same network in PyTorch, on the processor: seconds of an epoch, as ratios.

    python engine/benches/network.py [--repeats 5] [--threads 1 2] [--cases letter ...] [--data ../shared/data] [--gpu]

Both get the same dense matrix, made here: numbers scaled and in pieces (Gorishniy et al. 2022) or scaled only, categories
one-hot. Both train the same layers with ReLU and dropout, by AdamW with the same rates, batches and epochs, and keep a
running mean of the weights. An epoch is counted without the first one, without data preparation, and without any look at
validation rows in PyTorch (ours looks at 64). PyTorch gets its fused AdamW, multi-tensor means and whole batches by index:
no loader of batches costs it anything. The two take turns, `repeats` times; a ratio below 1 means that ours took less time.
Python (numpy, pandas, torch) and cargo are needed. `--gpu` adds PyTorch on a GPU, for scale.
"""

import argparse
import json
import math
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

import numpy
import pandas
import torch

ROOT = pathlib.Path(__file__).resolve().parents[2]
# Set, target, pieces a number, hidden layers, units, batch, epochs, dropout.
CASES = {
    "letter": ("letter", "letter", 16, 2, 256, 256, 6, 0.1),
    "letter wide": ("letter", "letter", 0, 3, 512, 256, 6, 0.1),
    "cal_housing": ("cal_housing", "median_house_value", 16, 2, 128, 128, 6, 0.1),
    "adult": ("adult", "income", 8, 2, 256, 256, 4, 0.1),
}
RATE, DECAY, WARM_UP = 3e-3, 0.02, 0.04


def dense(train, test, pieces):
    """Columns for a network, of train and test: scaled numbers and their pieces, categories one-hot; a blank is 0."""
    columns = []
    for name in train.columns:
        both = [train[name], test[name]]
        if not pandas.api.types.is_numeric_dtype(train[name]):
            for label in train[name].dropna().unique()[:42]:
                columns.append([(part == label).to_numpy(float) for part in both])
            continue
        middle, spread = train[name].median(), train[name].std() or 1.0
        columns.append([((part - middle) / spread).clip(-4, 4).fillna(0).to_numpy(float) for part in both])
        edges = numpy.unique(train[name].dropna().quantile(numpy.linspace(0, 1, pieces + 1))) if pieces else []
        for low, high in zip(edges[:-1], edges[1:]):
            columns.append([((part - low) / (high - low)).clip(0, 1).fillna(0).to_numpy(float) for part in both])
    columns = [column for column in columns if column[0].std() > 0]
    return [numpy.column_stack([column[part] for column in columns]) for part in (0, 1)]


def table(case, folder):
    """Dense train and test, targets as codes or values, and the number of classes (0: values)."""
    name, target, pieces = CASES[case][:3]
    train, test = (pandas.read_csv(folder / name / f"{part}.csv") for part in ("train", "test"))
    x = dense(train.drop(columns=target), test.drop(columns=target), pieces)
    if pandas.api.types.is_float_dtype(train[target]):
        return x[0], train[target].to_numpy(float), x[1], test[target].to_numpy(float), 0
    labels = sorted(train[target].unique())
    codes = [part[target].map(labels.index).to_numpy(float) for part in (train, test)]
    return x[0], codes[0], x[1], codes[1], len(labels)


def write(folder, x, y, test, classes):
    """The files that the Rust side reads."""
    about = {"rows": len(x), "test_rows": len(test), "columns": x.shape[1], "classes": classes}
    (folder / "table.json").write_text(json.dumps(about))
    x.ravel(order="F").astype("<f8").tofile(folder / "train.bin")
    test.ravel(order="F").astype("<f8").tofile(folder / "test.bin")
    y.astype("<f8").tofile(folder / "train_target.bin")


def torch_run(case, data, threads, device="cpu"):
    """Seconds an epoch in PyTorch, and its outputs on the test rows."""
    _, _, _, depth, units, batch, epochs, dropout = CASES[case]
    x, y, test, _, classes = data
    torch.set_num_threads(threads)
    torch.manual_seed(1)
    inputs = torch.tensor(x, dtype=torch.float32, device=device)
    center, scale = (0.0, 1.0) if classes else (y.mean(), y.std())
    truth = torch.tensor(y, dtype=torch.long, device=device) if classes else torch.tensor((y - center) / scale, dtype=torch.float32, device=device)
    layers, width = [], x.shape[1]
    for _ in range(depth):
        layers += [torch.nn.Linear(width, units), torch.nn.ReLU(), torch.nn.Dropout(dropout)]
        width = units
    network = torch.nn.Sequential(*layers, torch.nn.Linear(width, classes or 1)).to(device)
    for layer in network:
        if isinstance(layer, torch.nn.Linear):
            torch.nn.init.kaiming_uniform_(layer.weight, nonlinearity="relu")
            torch.nn.init.zeros_(layer.bias)
    with torch.no_grad():
        network[-1].weight *= 0.1
    parameters = list(network.parameters())
    weights, biases = [p for p in parameters if p.ndim > 1], [p for p in parameters if p.ndim == 1]
    groups = [{"params": weights, "weight_decay": DECAY}, {"params": biases, "weight_decay": 0.0}]
    optimiser = torch.optim.AdamW(groups, lr=RATE, betas=(0.9, 0.99), fused=True)
    means = [p.detach().clone() for p in parameters]
    loss_of = torch.nn.CrossEntropyLoss() if classes else lambda raw, true: 0.5 * ((raw[:, 0] - true) ** 2).mean()
    per_epoch = math.ceil(len(x) / batch)
    network.train()
    step = 0
    for epoch in range(epochs):
        if epoch == 1:
            if device != "cpu":
                torch.cuda.synchronize()
            begin = time.perf_counter()
        order = torch.randperm(len(x), device=device)
        for rows in order.split(batch):
            share = step / (epochs * per_epoch)
            rising = min(max(share / WARM_UP, (step + 1) / 200), 1.0)
            for group in optimiser.param_groups:
                group["lr"] = RATE * rising * 0.5 * (1 + math.cos(math.pi * share))
            optimiser.zero_grad(set_to_none=True)
            loss_of(network(inputs[rows]), truth[rows]).backward()
            optimiser.step()
            step += 1
            with torch.no_grad():
                torch._foreach_lerp_(means, parameters, 1 / (1 + min(0.2 * step, 2 * per_epoch)))
    if device != "cpu":
        torch.cuda.synchronize()
    seconds = (time.perf_counter() - begin) / (epochs - 1)
    with torch.no_grad():
        for parameter, mean in zip(parameters, means):
            parameter.copy_(mean)
        network.eval()
        raw = network(torch.tensor(test, dtype=torch.float32, device=device))
        outputs = (torch.softmax(raw, 1) if classes else raw * scale + center).cpu().numpy()
    return seconds, outputs


def our_run(case, binary, folder, threads):
    """Seconds an epoch of ours, and its outputs on the test rows."""
    _, _, _, depth, units, batch, epochs, dropout = CASES[case]
    wishes = {"layers": depth, "units": units, "bins": 0, "batch": batch, "epochs": epochs, "dropout": dropout,
              "learning_rate": RATE, "weight_decay": DECAY, "networks": 1}
    command = [binary, str(folder), str(threads), *(f"{name}={value}" for name, value in wishes.items())]
    line = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    about = json.loads(line)
    assert about["epochs"] == epochs, "all epochs are trained"
    return about["epoch_seconds"], numpy.fromfile(folder / "outputs.bin", "<f8")


def score(y, outputs, classes):
    """Log loss, or RMSE."""
    outputs = numpy.asarray(outputs, float).reshape(len(y), -1)
    if not classes:
        return float(numpy.sqrt(numpy.mean((y - outputs[:, 0]) ** 2)))
    return float(-numpy.log(numpy.clip(outputs[numpy.arange(len(y)), y.astype(int)], 1e-15, 1)).mean())


def build():
    """The release binary of the benchmark."""
    command = ["cargo", "bench", "-p", "engine", "--bench", "network", "--no-run", "--message-format=json"]
    output = subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.PIPE, text=True).stdout
    messages = [json.loads(line) for line in output.splitlines() if line.startswith("{")]
    built = [m["executable"] for m in messages if m.get("executable") and m["target"]["name"] == "network"]
    return built[-1]


def compare(case, data, binary, threads, repeats, gpu):
    """One row of the result."""
    x, y, test, test_y, classes = data
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        write(folder, x, y, test, classes)
        theirs, ours = [], []
        for _ in range(repeats):
            theirs.append(torch_run(case, data, threads))
            ours.append(our_run(case, binary, folder, threads))
    ratios = [own[0] / other[0] for own, other in zip(ours, theirs)]
    middle = statistics.median
    _, _, _, depth, units, batch, epochs, _ = CASES[case]
    row = {
        "case": case, "rows": len(x), "layers": f"{x.shape[1]}-{'-'.join([str(units)] * depth)}-{classes or 1}",
        "batch": batch, "threads": threads, "ratio": round(middle(ratios), 3), "spread": f"{min(ratios):.2f}-{max(ratios):.2f}",
        "epoch s": round(middle([own[0] for own in ours]), 4), "PyTorch epoch s": round(middle([other[0] for other in theirs]), 4),
        "epochs": epochs, "loss": round(score(test_y, ours[0][1], classes), 5), "PyTorch loss": round(score(test_y, theirs[0][1], classes), 5),
    }
    if gpu:
        row["PyTorch GPU epoch s"] = round(torch_run(case, data, threads, "cuda")[0], 4)
    return row


def main():
    """Reads the arguments, measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--cases", nargs="+", default=list(CASES), choices=list(CASES))
    default = os.environ.get("AUTOML_SHARED_DATA", ROOT.parent / "shared" / "data")
    parser.add_argument("--data", type=pathlib.Path, default=pathlib.Path(default))
    parser.add_argument("--binary", help="a benchmark that is built already")
    parser.add_argument("--gpu", action="store_true", help="PyTorch on a GPU as well")
    arguments = parser.parse_args()
    binary = arguments.binary or build()
    results = []
    for case in arguments.cases:
        if not (arguments.data / CASES[case][0]).is_dir():
            print(f"{case}: skipped, there is no {arguments.data / CASES[case][0]} (--data names another folder)", file=sys.stderr)
            continue
        data = table(case, arguments.data)
        for threads in arguments.threads:
            results.append(compare(case, data, binary, threads, arguments.repeats, arguments.gpu))
            print(json.dumps(results[-1]), flush=True)
    if not results:
        sys.exit("nothing was measured")
    print("\nloss on the test rows: log loss of classes, RMSE of values; other first weights, so that it is about the same")
    print(pandas.DataFrame(results).to_string(index=False))


if __name__ == "__main__":
    main()
