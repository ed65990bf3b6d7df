"""One rival on one set, in an environment of its own: rival.py order.json

Each is used as its documentation shows for a time limit, with dates parsed and the metric of the comparison named.
"""

import json
import pathlib
import re
import sys

import pandas

DATE = re.compile(r"\d{4}-\d{2}-\d{2}([ T]\d{2}:\d{2}(:\d{2})?)?")


def main():
    order = json.loads(pathlib.Path(sys.argv[1]).read_text())
    is_regression = order["task"] == "regression"
    # Labels as the file spells them.
    train = pandas.read_csv(order["train"], dtype=None if is_regression else {order["target"]: str}, low_memory=False)
    features = pandas.read_csv(order["features"], low_memory=False)
    for frame in (train, features):
        for column in frame.columns.drop(order["target"], errors="ignore"):
            values = frame[column].dropna().head(200)
            if len(values) and all(isinstance(value, str) and DATE.fullmatch(value) for value in values):
                frame[column] = pandas.to_datetime(frame[column], format="ISO8601")
    predicted = {
        "autogluon_medium": autogluon,
        "autogluon_best": autogluon,
        "flaml": flaml,
        "h2o": h2o,
        "mljar": mljar,
    }[order["system"]](order, train, features)
    if is_regression:
        predicted = pandas.DataFrame({"prediction": predicted})
    else:
        predicted = predicted.rename(columns=lambda label: f"p_{label}")
    predicted.to_csv(order["predictions"], index=False)


def autogluon(order, train, features):
    from autogluon.tabular import TabularPredictor

    metric = {"binary": "roc_auc", "multiclass": "log_loss", "regression": "root_mean_squared_error"}[order["task"]]
    preset = {"autogluon_medium": "medium_quality", "autogluon_best": "best_quality"}[order["system"]]
    path = str(pathlib.Path(order["work"]) / "autogluon")
    predictor = TabularPredictor(order["target"], problem_type=order["task"], eval_metric=metric, path=path, verbosity=1)
    predictor.fit(train, time_limit=order["budget"], presets=preset, num_cpus=order["cores"], num_gpus=0)
    if order["task"] == "regression":
        return predictor.predict(features)
    return predictor.predict_proba(features)


def flaml(order, train, features):
    from flaml import AutoML

    for frame in (train, features):
        for column in frame.select_dtypes(["object", "string"]).columns.drop(order["target"], errors="ignore"):
            frame[column] = frame[column].astype("category")
    metric = {"binary": "roc_auc", "multiclass": "log_loss", "regression": "rmse"}[order["task"]]
    task = "regression" if order["task"] == "regression" else "classification"
    model = AutoML()
    model.fit(
        train.drop(columns=[order["target"]]),
        train[order["target"]],
        task=task,
        metric=metric,
        time_budget=order["budget"],
        n_jobs=order["cores"],
        seed=order["seed"],
        verbose=0,
    )
    if order["task"] == "regression":
        return model.predict(features)
    return pandas.DataFrame(model.predict_proba(features), columns=model.classes_)


def h2o(order, train, features):
    import h2o as server
    from h2o.automl import H2OAutoML

    server.init(nthreads=order["cores"], max_mem_size="6g", ice_root=order["work"], log_dir=order["work"], bind_to_localhost=True)
    server.no_progress()
    frame = server.import_file(order["train"])
    if order["task"] != "regression":
        frame[order["target"]] = frame[order["target"]].asfactor()
    metric = {"binary": "AUC", "multiclass": "logloss", "regression": "RMSE"}[order["task"]]
    search = H2OAutoML(max_runtime_secs=order["budget"], seed=order["seed"], sort_metric=metric, verbosity=None)
    search.train(y=order["target"], training_frame=frame)
    # Columns get the types of the training file, whatever the test file looks like.
    types = {name: kind for name, kind in frame.types.items() if name != order["target"]}
    predicted = search.leader.predict(server.import_file(order["features"], col_types=types)).as_data_frame(use_multi_thread=False)
    server.cluster().shutdown()
    if order["task"] == "regression":
        return predicted["predict"]
    labels = sorted(train[order["target"]].unique())
    # Numbers as labels come back with a p before them.
    names = {column: column if column in labels else column.removeprefix("p") for column in predicted.columns}
    return predicted.drop(columns=["predict"]).rename(columns=names)


def mljar(order, train, features):
    from supervised.automl import AutoML

    metric = {"binary": "auc", "multiclass": "logloss", "regression": "rmse"}[order["task"]]
    kind = {"binary": "binary_classification", "multiclass": "multiclass_classification", "regression": "regression"}[order["task"]]
    model = AutoML(
        results_path=str(pathlib.Path(order["work"]) / "mljar"),
        mode="Compete",
        total_time_limit=order["budget"],
        ml_task=kind,
        eval_metric=metric,
        n_jobs=order["cores"],
        random_state=order["seed"],
        explain_level=0,
        verbose=0,
    )
    target = train.pop(order["target"])
    model.fit(train, target)
    if order["task"] == "regression":
        return model.predict(features)
    predicted = model.predict_all(features)
    return predicted[[name for name in predicted.columns if name.startswith("prediction_")]].rename(
        columns=lambda name: name.removeprefix("prediction_")
    )


if __name__ == "__main__":
    main()
