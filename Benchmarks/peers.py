"""What Akin is measured against: the same work done by PyTorch, librosa and faiss. bench.py runs each command in a
process of its own; it prints seconds for one item as JSON."""

import argparse
import concurrent.futures
import itertools
import json
import multiprocessing
import pathlib
import sys
import time

import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "Tests" / "Goldens"))

SAMPLE_RATE, FRAMES, BANDS = 22050, 640, 128
FLOOR = -80.0  # dB below the excerpt's maximum
CLASSES = 8
MARGIN = 1.0


def repeating(items, seconds, work):
    """Seconds for an item, after two times that do not count."""
    for _ in range(2):
        work()
    count, start = 0, time.perf_counter()
    while time.perf_counter() - start < seconds or count < 2:
        work()
        count += 1
    return {"seconds": (time.perf_counter() - start) / (count * items)}


# Sound


def log_mel(samples):
    """Absolute power in dB, [bands, frames]."""
    import librosa

    power = librosa.feature.melspectrogram(
        y=samples, sr=SAMPLE_RATE, n_fft=2048, hop_length=1024, n_mels=BANDS, pad_mode="constant")
    return librosa.power_to_db(power, ref=1.0, top_db=None)


def excerpt(path):
    """dB below the maximum of the middle 640 frames, [frames, bands], as Akin's network hears a song."""
    import librosa

    samples, _ = librosa.load(path, sr=SAMPLE_RATE)
    decibels = log_mel(samples)
    start = max(0, (decibels.shape[1] - FRAMES) // 2)
    decibels = decibels[:, start : start + FRAMES].T
    decibels = np.maximum(decibels - decibels.max(), FLOOR)
    return np.pad(decibels, ((0, FRAMES - len(decibels)), (0, 0)), constant_values=FLOOR).astype(np.float32)


def prepare(arguments):
    """What the network's benchmarks begin with: log-mels [songs, frames, bands], and 30 s of samples."""
    import librosa

    files = json.loads(arguments.files.read_text())
    np.save(arguments.log_mels, np.stack([excerpt(path) for path in files]))
    samples, _ = librosa.load(files[0], sr=SAMPLE_RATE, duration=30)
    np.save(arguments.samples, np.resize(samples, 30 * SAMPLE_RATE))
    return {}


def log_mel_spectrogram(arguments):
    samples = np.load(arguments.samples)
    return repeating(1, arguments.seconds, lambda: log_mel(samples))


# The network


def load_network(arguments):
    """The network with Akin's weights, and log-mels in memory."""
    import safetensors.torch
    import torch
    from prcnn import PRCNN

    torch.set_num_threads(arguments.threads)
    torch.manual_seed(1)
    network = PRCNN()
    missing, _ = network.load_state_dict(safetensors.torch.load_file(arguments.model), strict=False)
    assert not missing, missing  # its classifier is not needed
    if arguments.mode != "contiguous":
        network = network.to(memory_format=torch.channels_last)
    return network, torch.from_numpy(np.load(arguments.log_mels))


def semi_hard_loss(embeddings, labels):
    """For each anchor and positive one negative drawn from the band d(a,p) < d(a,n) < d(a,p) + margin; the sum."""
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
    return torch.relu(distances[anchors, positives] - distances[anchors, negatives] + MARGIN).sum()


def training(arguments):
    """Steps of SGD on batches with as many songs of each class."""
    import torch

    network, songs = load_network(arguments)
    labels = np.repeat(np.arange(CLASSES), len(songs) // CLASSES)
    optimiser = torch.optim.SGD(network.parameters(), lr=0.001)
    forward = torch.compile(network) if arguments.mode == "compiled" else network
    generator = np.random.default_rng(1)
    batches = []

    def step():
        if not batches:
            by_class = [generator.permutation(np.flatnonzero(labels == label)) for label in range(CLASSES)]
            size = arguments.batch // CLASSES
            batches.extend(
                np.stack(by_class).reshape(CLASSES, -1, size).transpose(1, 0, 2).reshape(-1, arguments.batch))
        batch = batches.pop()
        embeddings, _ = forward(songs[torch.from_numpy(batch)])
        loss = semi_hard_loss(embeddings, torch.from_numpy(labels[batch]))
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()

    return repeating(arguments.batch, arguments.seconds, step)


def without_classifier(network):
    """The network's first output alone: tracing wants no None."""
    import torch

    class Embedder(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.network = network

        def forward(self, log_mels):
            return self.network(log_mels)[0]

    return Embedder().eval()


def embedder(arguments):
    """The network in the mode that is asked for, and log-mels in memory. To be used in inference mode."""
    import torch

    network, songs = load_network(arguments)
    embed = without_classifier(network)
    if arguments.mode == "traced":
        embed = torch.jit.freeze(torch.jit.trace(embed, songs[: arguments.batch]))
        embed = torch.jit.optimize_for_inference(embed)
    elif arguments.mode == "compiled":
        import torch._inductor.config

        torch._inductor.config.freezing = True  # weights become constants, in the layout that suits
        embed = torch.compile(embed)
    return embed, songs


def embedding(arguments):
    import torch

    with torch.inference_mode():
        embed, songs = embedder(arguments)
        starts = itertools.count(step=arguments.batch)
        batch = np.arange(arguments.batch)
        return repeating(arguments.batch, arguments.seconds, lambda: embed(songs[(next(starts) + batch) % len(songs)]))


# Files

NETWORK = None


def prepare_worker(arguments):
    """Once in each worker: one thread, and the network."""
    import torch

    global NETWORK
    arguments.threads = arguments.batch = 1
    with torch.inference_mode():
        NETWORK = embedder(arguments)[0]


def embed_file(path):
    import torch

    with torch.inference_mode():
        return NETWORK(torch.from_numpy(excerpt(path)).unsqueeze(0))[0].numpy()


def files(arguments):
    """Files to embeddings with warm workers: their start, imports and librosa's caches are not counted."""
    paths = json.loads(arguments.files.read_text())
    with multiprocessing.get_context("spawn").Pool(arguments.threads, prepare_worker, (arguments,)) as pool:
        pool.map(embed_file, paths[: 4 * arguments.threads], chunksize=1)
        start = time.perf_counter()
        embeddings = pool.map(embed_file, paths, chunksize=1)
        seconds = time.perf_counter() - start
    return {"seconds": seconds / len(paths), "first": [e.tolist() for e in embeddings[:4]]}


# Search


def search(arguments):
    import faiss

    apart = arguments.mode == "apart"  # each thread asks for a share of the queries
    faiss.omp_set_num_threads(1 if arguments.mode in ("apart", "alone") else arguments.threads)
    vectors = np.fromfile(arguments.vectors, np.float32).reshape(-1, arguments.dimension)
    queries = np.fromfile(arguments.queries, np.float32).reshape(-1, arguments.dimension)
    index = faiss.IndexFlatIP(arguments.dimension)
    faiss.normalize_L2(vectors)
    faiss.normalize_L2(queries)
    index.add(vectors)
    starts = itertools.count(step=arguments.batch)

    def ask():
        start = next(starts) % (len(queries) - arguments.batch + 1)
        batch = queries[start : start + arguments.batch]
        if apart:
            list(pool.map(lambda share: index.search(share, arguments.count), np.array_split(batch, arguments.threads)))
        else:
            index.search(batch, arguments.count)

    pool = concurrent.futures.ThreadPoolExecutor(arguments.threads)
    measured = repeating(arguments.batch, arguments.seconds, ask)
    return measured | {"neighbors": index.search(queries[:10], arguments.count)[1].tolist()}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(required=True)
    for function in (prepare, log_mel_spectrogram, training, embedding, files, search):
        command = commands.add_parser(function.__name__.replace("_", "-"))
        command.set_defaults(run=function)
        command.add_argument("--threads", type=int, default=2)
        command.add_argument("--seconds", type=float, default=2)
        command.add_argument("--files", type=pathlib.Path, help="JSON: a list of paths")
        command.add_argument("--model", help="safetensors")
        command.add_argument("--log-mels")
        command.add_argument("--samples")
        command.add_argument("--batch", type=int, default=32)
        command.add_argument(
            "--mode", choices=("contiguous", "channels-last", "traced", "compiled", "together", "apart", "alone"))
        command.add_argument("--vectors")
        command.add_argument("--queries")
        command.add_argument("--dimension", type=int, default=60)
        command.add_argument("--count", type=int, default=10)
    arguments = parser.parse_args()
    print(json.dumps(arguments.run(arguments)))


if __name__ == "__main__":
    main()
