"""PyTorch's side of a test: `prcnn_exchange.py FOLDER` reads what Akin wrote there and writes what PyTorch makes of it.

Reads ours.safetensors (weights; the configuration and the number of classes in the metadata) and inputs.safetensors.
Writes outputs.safetensors (by Akin's weights: `embeddings`, `logits`; by new ones: `their_embeddings`, `their_logits`)
and theirs.safetensors (the new weights, as `safetensors.torch.save_file` writes them).
"""

import json
import sys
from pathlib import Path

import torch
from prcnn import PRCNN
from safetensors import safe_open
from safetensors.torch import load_file, save_file

folder = Path(sys.argv[1])
with safe_open(folder / "ours.safetensors", framework="pt") as file:
    metadata = file.metadata()
torch.manual_seed(0)
network = PRCNN(json.loads(metadata["configuration"]), int(metadata["classes"]))
theirs = {name: tensor.clone() for name, tensor in network.state_dict().items()}
songs = load_file(folder / "inputs.safetensors")["songs"]
with torch.no_grad():
    their_embeddings, their_logits = network(songs)
    network.load_state_dict(load_file(folder / "ours.safetensors"))
    embeddings, logits = network(songs)
save_file(theirs, folder / "theirs.safetensors", metadata={"format": "pt"})
save_file(
    {"embeddings": embeddings, "logits": logits, "their_embeddings": their_embeddings, "their_logits": their_logits},
    folder / "outputs.safetensors",
)
