"""Makes character.json: a small character network, forward and backward in training, and finished, as PyTorch has it;
and the distillation loss with its gradient.

Needs Python 3.11 and torch 2.13.0 (CPU).
Usage: python character.py (writes character.json beside itself; the same bytes every time)
"""

import json
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional

FRAMES, BANDS, CHANNELS, OUTPUTS, AUXILIARY, PATCHES = 8, 12, [8, 16], 5, 3, 4


class Network(nn.Module):
    def __init__(self):
        super().__init__()
        sizes = [1, *CHANNELS]
        self.convolutions = nn.ModuleList(nn.Conv2d(a, b, 3, padding=1, bias=False) for a, b in zip(sizes, CHANNELS))
        self.normalisations = nn.ModuleList(nn.BatchNorm2d(c) for c in CHANNELS)
        self.dense = nn.Linear(2 * CHANNELS[-1], OUTPUTS)
        self.auxiliary = nn.Linear(2 * CHANNELS[-1], AUXILIARY)

    def forward(self, patches):
        image = patches[:, None]
        for convolution, normalisation in zip(self.convolutions, self.normalisations):
            image = functional.max_pool2d(functional.relu(normalisation(convolution(image))), 2)
        features = torch.cat([image.mean((2, 3)), image.amax((2, 3))], 1)
        return self.dense(features), self.auxiliary(features)


def numbers(tensor):
    return [float(f"{x:.9g}") for x in tensor.detach().double().flatten().tolist()]


def loss(student, teacher, squares=0.25, relations=3.0):
    def unit(x):
        return functional.normalize(x - x.mean(0))

    products, wanted = unit(student) @ unit(student).T, unit(teacher) @ unit(teacher).T
    cosines = functional.cosine_similarity(student, teacher)
    return (
        (1 - cosines).mean() + squares * functional.mse_loss(student, teacher)
        + relations * functional.mse_loss(products, wanted))


torch.manual_seed(3)
network = Network().train()
for normalisation in network.normalisations:
    nn.init.uniform_(normalisation.weight, -1.5, 1.5)
    nn.init.normal_(normalisation.bias, 0, 0.3)
initial = {name: numbers(value) for name, value in network.state_dict().items() if "num_batches" not in name}
patches = torch.randn(PATCHES, FRAMES, BANDS)
outputs, auxiliary = network(patches)
outputGradient, auxiliaryGradient = torch.randn_like(outputs), torch.randn_like(auxiliary)
((outputs * outputGradient).sum() + (auxiliary * auxiliaryGradient).sum()).backward()
finished = network.eval()(patches)[0]
student = torch.randn(6, 7, dtype=torch.float64, requires_grad=True)
teacher = torch.randn(6, 7, dtype=torch.float64)
value = loss(student, teacher)
value.backward()
golden = {
    "frames": FRAMES, "bands": BANDS, "channels": CHANNELS, "parameters": initial, "patches": numbers(patches),
    "outputs": numbers(outputs), "auxiliary": numbers(auxiliary), "outputGradient": numbers(outputGradient),
    "auxiliaryGradient": numbers(auxiliaryGradient),
    "gradients": {name: numbers(value.grad) for name, value in network.named_parameters()},
    "running": {name: numbers(value) for name, value in network.named_buffers() if "num_batches" not in name},
    "finished": numbers(finished),
    "student": numbers(student), "teacher": numbers(teacher), "loss": value.item(),
    "lossGradient": numbers(student.grad),
}
Path(__file__).with_suffix(".json").write_text(json.dumps(golden) + "\n")
