"""onnx_parity.py MODEL DATA PREDICTIONS: runs a model.onnx on a raw CSV and compares with the predictions of `automl predict`."""
import csv, sys

import numpy as np
import onnx
import onnxruntime as ort

model_path, data_path, predictions_path = sys.argv[1:]
onnx.checker.check_model(model_path, full_check=False)
rows = list(csv.DictReader(open(data_path, newline="")))
wanted = list(csv.DictReader(open(predictions_path, newline="")))
assert len(rows) == len(wanted), (len(rows), len(wanted))

session = ort.InferenceSession(model_path, providers=["CPUExecutionProvider"])
feeds = {}
for node in session.get_inputs():
    cells = [row[node.name] for row in rows]
    if node.type == "tensor(string)":
        feeds[node.name] = np.array(cells, dtype=object).reshape(-1, 1)
    else:
        feeds[node.name] = np.array([float(cell) if cell else np.nan for cell in cells], dtype=np.float64).reshape(-1, 1)
answers = dict(zip([node.name for node in session.get_outputs()], session.run(None, feeds)))

columns = [name for name in wanted[0] if name.startswith("p_")]
if columns:
    probabilities = next(value for value in answers.values() if value.ndim == 2 and value.shape[1] == len(columns))
    native = np.array([[float(row[name]) for name in columns] for row in wanted])
    difference = np.abs(probabilities - native).max()
    labels = next(value for value in answers.values() if value.dtype == object).reshape(-1)
    sure = np.sort(native, axis=1)[:, -1] - np.sort(native, axis=1)[:, -2] > 1e-4
    assert all(label == row["prediction"] for label, row, clear in zip(labels, wanted, sure) if clear)
else:
    native = np.array([float(row["prediction"]) for row in wanted])
    answer = next(iter(answers.values())).reshape(-1)
    difference = (np.abs(answer - native) / np.maximum(1, np.abs(native))).max()
assert difference <= 1e-5, f"largest difference {difference}"
print(f"{len(rows)} rows agree within {difference:.1e}")
