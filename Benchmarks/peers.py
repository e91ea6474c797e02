"""What Akin is measured against: the same work done with PyTorch and librosa. compare.py runs it in its own process."""

import argparse
import json
import multiprocessing
import pathlib
import sys
import time

import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "Tests" / "Goldens"))

SAMPLE_RATE, FRAMES, BANDS = 22050, 640, 128
FLOOR = -80.0  # dB below the excerpt's maximum
CLASSES_PER_BATCH, SONGS_PER_CLASS = 8, 4
BATCH = CLASSES_PER_BATCH * SONGS_PER_CLASS
WATCHED = 64  # songs that Akin embeds after an epoch where there are no validation songs
WARM_UP_BATCHES = 4
MARGIN = 1.0


# Indexing


def log_mel(path):
    """dB below the maximum of the middle 640 frames, [frames, bands], as Akin's network hears a song."""
    import librosa

    samples, _ = librosa.load(path, sr=SAMPLE_RATE)
    power = librosa.feature.melspectrogram(
        y=samples, sr=SAMPLE_RATE, n_fft=2048, hop_length=1024, n_mels=BANDS, pad_mode="constant")
    start = max(0, (power.shape[1] - FRAMES) // 2)
    decibels = librosa.power_to_db(power[:, start : start + FRAMES], ref=np.max, top_db=-FLOOR).T
    return np.pad(decibels, ((0, FRAMES - len(decibels)), (0, 0)), constant_values=FLOOR).astype(np.float32)


def mfcc_statistics(path):
    """The 140 statistics of FMA's features.py, over 30 s at the file's own rate."""
    import librosa
    import scipy.stats

    samples, rate = librosa.load(path, sr=None, duration=30)
    x = librosa.feature.mfcc(y=samples, sr=rate, n_mfcc=20)
    return np.concatenate([
        x.mean(axis=1), x.std(axis=1), scipy.stats.skew(x, axis=1), scipy.stats.kurtosis(x, axis=1),
        np.median(x, axis=1), x.min(axis=1), x.max(axis=1),
    ])


NETWORK = None


def prepare_worker(model):
    """Once in each worker: one thread, and the network with Akin's weights."""
    global NETWORK
    import torch

    torch.set_num_threads(1)
    if model:
        NETWORK = load_network(model)


def load_network(model):
    import safetensors.torch
    from prcnn import PRCNN

    weights = safetensors.torch.load_file(model)
    network = PRCNN()
    missing, _ = network.load_state_dict(weights, strict=False)  # the classifier is not needed
    assert not missing, missing
    return network.eval()


def embed(path):
    import torch

    if NETWORK is None:
        return mfcc_statistics(path)
    with torch.inference_mode():
        return NETWORK(torch.from_numpy(log_mel(path)).unsqueeze(0))[0][0].numpy()


def index(arguments):
    """Seconds for all files with warm workers: their start, imports and librosa's caches are not counted."""
    files = json.loads(arguments.files.read_text())
    with multiprocessing.get_context("spawn").Pool(arguments.threads, prepare_worker, (arguments.model,)) as pool:
        pool.map(embed, files[: 4 * arguments.threads], chunksize=1)
        start = time.perf_counter()
        embeddings = pool.map(embed, files, chunksize=1)
        seconds = time.perf_counter() - start
    print(json.dumps({"songs": len(files), "seconds": seconds, "first": [e.tolist() for e in embeddings[:4]]}))


def log_mels(arguments):
    """Log-mels of files as one array, [songs, frames, bands]: what training in PyTorch begins with."""
    files = json.loads(arguments.files.read_text())
    np.save(arguments.output, np.stack([log_mel(path) for path in files]))
    print("{}")


# Training


def semi_hard_loss(embeddings, labels):
    """For each anchor and positive one negative drawn from the band d(a,p) < d(a,n) < d(a,p) + margin; mean."""
    import torch

    distances = (embeddings.unsqueeze(1) - embeddings.unsqueeze(0)).square().sum(2)  # [songs, songs]
    with torch.no_grad():
        same = labels.unsqueeze(1) == labels.unsqueeze(0)
        anchors, positives = torch.nonzero(same.fill_diagonal_(False), as_tuple=True)
        near = distances[anchors, positives].unsqueeze(1)
        far = distances[anchors]  # [pairs, songs]
        band = (labels[anchors].unsqueeze(1) != labels) & (near < far) & (far < near + MARGIN)
        pairs = torch.nonzero(band.any(1)).squeeze(1)
        if not len(pairs):
            return (embeddings * 0).sum()
        negatives = torch.multinomial(band[pairs].float(), 1).squeeze(1)
        anchors, positives = anchors[pairs], positives[pairs]
    return torch.relu(distances[anchors, positives] - distances[anchors, negatives] + MARGIN).mean()


def batches(labels, objective, generator):
    """Cross-entropy takes every song once; triplets need the songs of a batch class by class."""
    if objective == "cross-entropy":
        return generator.permutation(len(labels)).reshape(-1, BATCH)
    by_class = [generator.permutation(np.flatnonzero(labels == label)) for label in range(CLASSES_PER_BATCH)]
    return np.stack(by_class).reshape(CLASSES_PER_BATCH, -1, SONGS_PER_CLASS).transpose(1, 0, 2).reshape(-1, BATCH)


def train(arguments):
    """Seconds for epochs of training after a few batches of cross-entropy."""
    import torch
    from prcnn import PRCNN

    torch.set_num_threads(arguments.threads)
    torch.manual_seed(1)
    generator = np.random.default_rng(1)
    log_mels = np.load(arguments.log_mels)  # class after class
    songs = torch.from_numpy(np.repeat(log_mels, arguments.copies, axis=0))  # in memory
    labels = np.repeat(np.arange(CLASSES_PER_BATCH), len(songs) // CLASSES_PER_BATCH)
    network = PRCNN(class_count=CLASSES_PER_BATCH)
    network.input_mean.copy_(songs.mean((0, 1)))
    network.input_scale.copy_(1 / songs.std((0, 1)))
    if arguments.layout == "channels_last":
        network = network.to(memory_format=torch.channels_last)
    optimiser = torch.optim.Adam(network.parameters(), lr=0.003)

    def epoch(objective, most=None):
        for batch in batches(labels, objective, generator)[:most]:
            targets = torch.from_numpy(labels[batch])
            embeddings, logits = network(songs[torch.from_numpy(batch)])
            if objective == "cross-entropy":
                loss = torch.nn.functional.cross_entropy(logits, targets)
            else:
                loss = semi_hard_loss(embeddings, targets)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
        with torch.inference_mode():  # as Akin does after each epoch
            for start in range(0, WATCHED, BATCH):
                network(songs[start : start + BATCH])
        return loss.item()

    epoch("cross-entropy", most=WARM_UP_BATCHES)
    start = time.perf_counter()
    for _ in range(arguments.epochs):
        loss = epoch(arguments.objective)
    seconds = time.perf_counter() - start
    print(json.dumps({"songs": arguments.epochs * len(songs), "seconds": seconds, "loss": loss}))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(required=True)
    for function in (index, log_mels, train):
        command = commands.add_parser(function.__name__)
        command.set_defaults(run=function)
        command.add_argument("--threads", type=int, default=2)
        command.add_argument("--files", type=pathlib.Path, help="JSON: a list of paths")
        command.add_argument("--model", help="safetensors; without it, MFCC statistics")
        command.add_argument("--output")
        command.add_argument("--log-mels")
        command.add_argument("--copies", type=int, default=1, help="how often each song comes in an epoch")
        command.add_argument("--epochs", type=int)
        command.add_argument("--objective", choices=("cross-entropy", "semi-hard"))
        command.add_argument("--layout", choices=("contiguous", "channels_last"), default="channels_last")
    arguments = parser.parse_args()
    arguments.run(arguments)


if __name__ == "__main__":
    main()
