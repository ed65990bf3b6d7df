"""mlflow_model.py MODEL.onnx FOLDER: the file as a model that `mlflow models serve` answers with, by onnxruntime."""
import sys

import mlflow.pyfunc
import onnx


class Rows(mlflow.pyfunc.PythonModel):
    """MLflow's own ONNX flavour feeds columns of one dimension; the graph takes them as (rows, 1)."""

    def load_context(self, context):
        import onnxruntime

        options = onnxruntime.SessionOptions()
        # Two processes on two cores, each answering one row at a time: more threads only disturb each other.
        options.intra_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(context.artifacts["onnx"], options, providers=["CPUExecutionProvider"])

    def predict(self, context, model_input, params=None):
        feeds = {name: model_input[name].to_numpy("float64").reshape(-1, 1) for name in model_input.columns}
        return self.session.run(None, feeds)[0]


if __name__ == "__main__":
    file, folder = sys.argv[1:]
    model = onnx.load(file)
    trees = sum(
        len(set(attribute.ints)) for node in model.graph.node for attribute in node.attribute if attribute.name == "tree_roots"
    )
    print(f"the model has {trees} trees and {len(model.graph.input)} inputs")
    mlflow.pyfunc.save_model(folder, python_model=Rows(), artifacts={"onnx": file})
