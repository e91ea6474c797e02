"""Compares an ONNX file of `convert.py` with musicnn's own TensorFlow program, on random patches or on those of songs.

    TF_USE_LEGACY_KERAS=1 python Scripts/musicnn/check.py musicnn.onnx [SONG…]
"""

import argparse
import os
import time

os.environ["TF_USE_LEGACY_KERAS"] = "1"  # Keras 3 has no tf.compat.v1.layers
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import warnings

warnings.simplefilter("ignore")
import numpy as np
import onnxruntime
import tensorflow as tf

import librosa
from musicnn import configuration, models


def log_mels(samples):
    """musicnn's front end, batch_data in its extractor.py, of mono samples at 16 kHz: frames × 96.

    It rounds the mels to half precision. Then NumPy 1, which it was written for, goes on in single precision, since
    10000 does not fit into the 11 bits of a half; NumPy 2 stays in half precision, where loud music overflows.
    """
    mels = librosa.feature.melspectrogram(
        y=samples, sr=configuration.SR, hop_length=configuration.FFT_HOP, n_fft=configuration.FFT_SIZE,
        n_mels=configuration.N_MELS).T
    return np.log10(np.float32(10000) * mels.astype(np.float16).astype(np.float32) + 1)


def patches(song):
    """Patches of 3 s of a song, one after another; what is left over at the end is not heard, as in musicnn."""
    mels = log_mels(librosa.load(song, sr=configuration.SR)[0])
    count = len(mels) // 187
    return mels[:count * 187].reshape(count, 187, configuration.N_MELS)


class OwnProgram:
    """musicnn's own network, session and weights."""

    def __init__(self, threads=1):
        directory = os.path.dirname(models.__file__) + "/MSD_musicnn/"
        tf.compat.v1.disable_eager_execution()
        tf.compat.v1.reset_default_graph()
        with tf.name_scope("model"):
            self.x = tf.compat.v1.placeholder(tf.float32, [None, 187, configuration.N_MELS])
            self.training = tf.compat.v1.placeholder(tf.bool)
            logits, *_, mean_pool, max_pool, penultimate = models.define_model(
                self.x, self.training, "MSD_musicnn", 50)
        linear = tf.compat.v1.get_default_graph().get_tensor_by_name("model/dense/BiasAdd:0")
        self.outputs = {
            "logits": logits, "taggram": tf.nn.sigmoid(logits), "mean_pool": mean_pool, "max_pool": max_pool,
            "penultimate": penultimate, "penultimate_linear": linear}
        settings = tf.compat.v1.ConfigProto(intra_op_parallelism_threads=threads, inter_op_parallelism_threads=threads)
        self.session = tf.compat.v1.Session(config=settings)
        tf.compat.v1.train.Saver().restore(self.session, directory)

    def __call__(self, patches):
        return self.session.run(self.outputs, {self.x: patches, self.training: False})


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("network")
    arguments.add_argument("songs", nargs="*")
    arguments = arguments.parse_args()
    own = OwnProgram()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    ours = onnxruntime.InferenceSession(arguments.network, options)
    names = [output.name for output in ours.get_outputs()]
    batches = [(song, patches(song)) for song in arguments.songs] or [
        ("random", np.random.default_rng(1).random((4, 187, 96), np.float32) * 4)]
    worst = dict.fromkeys(names, 0.0)
    seconds = [0.0, 0.0]
    for song, batch in batches:
        own(batch[:1]), ours.run(names, {"mel": batch[:1]})
        start = time.perf_counter()
        expected = own(batch)
        middle = time.perf_counter()
        found = ours.run(names, {"mel": batch})
        seconds[0] += middle - start
        seconds[1] += time.perf_counter() - middle
        for name, values in zip(names, found):
            difference = np.abs(values - expected[name]).max() / max(1, np.abs(expected[name]).max())
            worst[name] = float(np.maximum(worst[name], difference))  # not max(), which drops NaN
    for name, difference in worst.items():
        print(f"{name:20} largest difference {difference:.1e}")
    print(f"seconds, one thread: musicnn {seconds[0]:.2f}, ONNX Runtime {seconds[1]:.2f}")
    if not all(difference <= 1e-4 for difference in worst.values()):
        raise SystemExit("differs by more than 1e-4")


if __name__ == "__main__":
    main()
