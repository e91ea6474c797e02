"""The PRCNN (paper 2.3) in PyTorch, with Akin's parameter names: what reads Akin's weights in Python.

    network = PRCNN(configuration, class_count)
    network.load_state_dict(safetensors.torch.load_file("model.safetensors"))
    embeddings, logits = network(log_mels)  # dB [songs, frames, bands] -> [songs, factors], [songs, classes] or None
"""

import torch
from torch import nn

FULL = {
    "frameCount": 640, "melBandCount": 128, "filters": [16, 32, 64, 128, 64],
    "pools": [{"frames": n, "bands": n} for n in (2, 2, 2, 4, 4)], "sequencePool": {"frames": 4, "bands": 2},
    "sequenceWidth": 32, "recurrentUnits": 64, "embeddingDimension": 60,
}  # fmt: skip


class PRCNN(nn.Module):
    def __init__(self, configuration=FULL, class_count=None):
        super().__init__()
        c = configuration
        self.pools = [nn.MaxPool2d((p["frames"], p["bands"])) for p in c["pools"]]
        self.sequence_pool = nn.MaxPool2d((c["sequencePool"]["frames"], c["sequencePool"]["bands"]))
        frames, bands = c["frameCount"], c["melBandCount"]
        for pool in c["pools"]:
            frames, bands = (frames - 2) // pool["frames"], bands // pool["bands"]
        channels = [1] + c["filters"]
        self.convolutions = nn.ModuleList(nn.Conv2d(i, o, (3, 1)) for i, o in zip(channels, channels[1:]))
        self.embedding = nn.Linear(c["melBandCount"] // c["sequencePool"]["bands"], c["sequenceWidth"])
        self.gru = nn.GRU(c["sequenceWidth"], c["recurrentUnits"], batch_first=True, bidirectional=True)
        features = frames * bands * channels[-1] + 2 * c["recurrentUnits"]
        self.dense = nn.Linear(features, c["embeddingDimension"])
        self.register_buffer("input_mean", torch.zeros(c["melBandCount"]))
        self.register_buffer("input_scale", torch.ones(c["melBandCount"]))
        self.classifier = nn.Linear(c["embeddingDimension"], class_count) if class_count else None

    def forward(self, log_mels):
        log_mels = (log_mels - self.input_mean) * self.input_scale  # per band
        image = log_mels.unsqueeze(1)  # [songs, 1, frames, bands]
        for convolution, pool in zip(self.convolutions, self.pools):
            image = pool(torch.relu(convolution(image)))
        steps = self.embedding(self.sequence_pool(log_mels))  # [songs, frames / 4, 32]
        _, states = self.gru(steps)  # [2, songs, 64]: the last state of each direction
        features = torch.cat([image.flatten(1), states[0], states[1]], dim=1)
        embeddings = torch.sigmoid(self.dense(features))
        return embeddings, self.classifier(embeddings) if self.classifier else None
