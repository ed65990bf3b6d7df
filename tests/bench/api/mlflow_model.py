"""mlflow_model.py MODEL.onnx FOLDER: the file as a model that `mlflow models serve` answers with, by onnxruntime."""
import sys

import mlflow.onnx
import onnx

file, folder = sys.argv[1:]
model = onnx.load(file)
trees = sum(
    len(set(attribute.ints))
    for node in model.graph.node
    for attribute in node.attribute
    if attribute.name in ("nodes_treeids", "tree_roots")
)
print(f"the model has {trees} trees and {len(model.graph.input)} inputs")
mlflow.onnx.save_model(model, folder)
