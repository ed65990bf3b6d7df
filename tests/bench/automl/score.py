"""What predictions are worth: one error a task, lower is better."""

import numpy
import pandas

NAMES = {"binary": "1 - ROC AUC", "multiclass": "log loss", "regression": "RMSE"}
# The least probability that log loss sees.
LEAST = 1e-15


def error(task, truth, predictions):
    """Truth: the target column as text. Predictions: a column `p_<label>` for each class, or `prediction`."""
    if len(truth) != len(predictions):
        raise ValueError(f"{len(predictions)} predictions for {len(truth)} rows")
    if task == "regression":
        return float(numpy.sqrt(numpy.mean((truth.astype(float).to_numpy() - predictions["prediction"].to_numpy(float)) ** 2)))
    shares = predictions[[name for name in predictions.columns if name.startswith("p_")]]
    shares.columns = [name.removeprefix("p_") for name in shares.columns]
    labels = sorted(set(truth) | set(shares.columns))
    shares = shares.reindex(columns=labels, fill_value=0.0).to_numpy(float)
    codes = numpy.array([labels.index(label) for label in truth])
    if task == "binary":
        return 1.0 - roc_auc(codes == 1, shares[:, 1])
    shares = numpy.clip(shares, LEAST, 1.0)
    shares /= shares.sum(axis=1, keepdims=True)
    return float(-numpy.log(shares[numpy.arange(len(codes)), codes]).mean())


def roc_auc(is_positive, values):
    """The share of pairs in the right order; ties count half."""
    ranks = pandas.Series(values).rank().to_numpy()
    positive = int(is_positive.sum())
    negative = len(is_positive) - positive
    return float((ranks[is_positive].sum() - positive * (positive + 1) / 2) / (positive * negative))
