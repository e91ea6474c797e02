"""Writes MusiCNN as an ONNX network that `akin model import --preset musicnn` takes.

The weights are those of PyPI's package `musicnn` 0.1.0 (Jordi Pons, ISC licence), model MSD_musicnn, read from its
TensorFlow checkpoint. The graph is written anew, layer by layer, after the package's models.py; `check.py` compares it
with that program.

    python Scripts/musicnn/convert.py musicnn.onnx
"""

import argparse
import importlib.util
import os
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from tensorflow.compat.v1.train import NewCheckpointReader

FRAMES, BANDS, TAGS = 187, 96, 50
EPSILON = 1e-3  # tf.layers.batch_normalization's default


class Graph:
    """The nodes and weights of an ONNX graph, made from a checkpoint's tensors."""

    def __init__(self, checkpoint):
        self.reader = NewCheckpointReader(checkpoint)
        self.nodes, self.weights = [], []

    def tensor(self, name):
        return self.reader.get_tensor(name)

    def weight(self, name, values):
        self.weights.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def node(self, kind, inputs, name, **attributes):
        self.nodes.append(helper.make_node(kind, inputs, [name], name=name, **attributes))
        return name

    def normalised(self, x, number, name):
        """Batch normalisation over axis 1."""
        layer = "batch_normalization" + (f"_{number}" if number else "")
        values = [
            self.weight(f"{name}.{part}", self.tensor(f"{layer}/{part}"))
            for part in ("gamma", "beta", "moving_mean", "moving_variance")
        ]
        return self.node("BatchNormalization", [x] + values, name, epsilon=EPSILON)

    def convolved(self, x, number, kernel, pads, name):
        """Convolution, ReLU, batch normalisation: in that order, as musicnn has it."""
        layer = "conv2d" + (f"_{number}" if number else "")
        weights = [self.weight(f"{name}.kernel", kernel(self.tensor(f"{layer}/kernel"))),
                   self.weight(f"{name}.bias", self.tensor(f"{layer}/bias"))]
        linear = self.node("Conv", [x] + weights, f"{name}.linear", pads=pads)
        return self.normalised(self.node("Relu", [linear], f"{name}.relu"), number + 1, name)

    def dense(self, x, number, name):
        layer = "dense" + (f"_{number}" if number else "")
        weights = [self.weight(f"{name}.kernel", self.tensor(f"{layer}/kernel")),
                   self.weight(f"{name}.bias", self.tensor(f"{layer}/bias"))]
        return self.node("Gemm", [x] + weights, name)


def network(checkpoint):
    graph = Graph(checkpoint)
    axis = {number: graph.weight(f"axis{number}", np.array([number])) for number in (1, 2, 3)}
    x = graph.node("Unsqueeze", ["mel", axis[1]], "image")  # (batch, 1, 187, 96)
    x = graph.normalised(x, 0, "normalised")

    # The front end: 5 shapes of filters, each the maximum over the bands: (batch, channels, 187).
    def over_all_bands(kernel):  # time × bands × 1 × filters → filters × 1 × time × bands
        return kernel.transpose(3, 2, 0, 1)

    front = []
    for number, (kind, length) in enumerate([("timbral38", 7), ("timbral67", 7), ("temporal128", 128),
                                             ("temporal64", 64), ("temporal32", 32)]):
        # TensorFlow's "same" puts the odd row at the end.
        before, after = (length - 1) // 2, length // 2
        y = graph.convolved(x, number, over_all_bands, [before, 0, after, 0], kind)
        front.append(graph.node("ReduceMax", [y, axis[3]], f"{kind}.highest", keepdims=0))
    x = graph.node("Concat", front, "front", axis=1)  # (batch, 561, 187)

    # The middle: three convolutions over time, the last two added to what they hear.
    def over_channels(kernel):  # time × channels × 1 × filters → filters × channels × time
        return kernel[:, :, 0, :].transpose(2, 1, 0)

    first = graph.convolved(x, 5, over_channels, [3, 3], "middle1")  # (batch, 64, 187)
    second = graph.node("Add", [graph.convolved(first, 6, over_channels, [3, 3], "middle2"), first], "sum2")
    third = graph.node("Add", [graph.convolved(second, 7, over_channels, [3, 3], "middle3"), second], "sum3")
    x = graph.node("Concat", [x, first, second, third], "features", axis=1)  # (batch, 753, 187)

    # The back end: maximum and mean over time side by side, then two dense layers.
    highest = graph.node("ReduceMax", [x, axis[2]], "max_pool", keepdims=0)
    mean = graph.node("ReduceMean", [x, axis[2]], "mean_pool", keepdims=0)
    pair = [graph.node("Unsqueeze", [y, axis[2]], f"{y}.column") for y in (highest, mean)]
    x = graph.node("Flatten", [graph.node("Concat", pair, "pools", axis=2)], "flat")  # (batch, 1506)
    linear = graph.dense(graph.normalised(x, 9, "flat.normalised"), 0, "penultimate_linear")
    x = graph.normalised(graph.node("Relu", [linear], "penultimate_relu"), 10, "penultimate")
    graph.node("Sigmoid", [graph.dense(x, 1, "logits")], "taggram")

    def value(name, *shape):
        return helper.make_tensor_value_info(name, TensorProto.FLOAT, ["batch", *shape])

    pooled = 753
    made = helper.make_graph(
        graph.nodes, "MSD_musicnn", [value("mel", FRAMES, BANDS)],
        [value("penultimate", 200), value("penultimate_linear", 200), value("taggram", TAGS), value("logits", TAGS),
         value("mean_pool", pooled), value("max_pool", pooled)],
        graph.weights)
    model = helper.make_model(
        made, opset_imports=[helper.make_opsetid("", 18)], producer_name="akin Scripts/musicnn", ir_version=8)
    helper.set_model_props(model, {"source": "PyPI musicnn 0.1.0, MSD_musicnn", "licence": "ISC, Jordi Pons"})
    onnx.checker.check_model(model, full_check=True)
    return model


def packaged_checkpoint():
    """The prefix of the checkpoint's files, without importing the package, which imports TensorFlow's layers."""
    package = importlib.util.find_spec("musicnn")
    if package is None:
        raise SystemExit("the package musicnn is not installed: pip install --no-deps musicnn")
    return f"{Path(package.origin).parent}/MSD_musicnn/"


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("output", help="the ONNX file to write")
    onnx.save(network(packaged_checkpoint()), arguments.parse_args().output)
