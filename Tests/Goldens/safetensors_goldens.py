"""Makes safetensors_torch.safetensors: a file as PyTorch's users write it. Every run writes the same file except for
the order of the metadata.

    pip install torch==2.13.0 safetensors==0.8.0 numpy && python Tests/Goldens/safetensors_goldens.py
"""

from pathlib import Path

import safetensors
import torch
from safetensors.torch import save_file

TENSORS = {
    "single": torch.tensor([[1.5, -2.25, 0.1], [3e38, -0.0, 1e-45]], dtype=torch.float32),
    "half": torch.tensor([1.0, -0.5, 65504.0, 6e-8, 6.104e-5, 0.333, float("inf"), -0.0], dtype=torch.float16),
    "double": torch.tensor([[[0.1], [-1e-300]], [[1e300], [123456.789]]], dtype=torch.float64),
    "scalar": torch.tensor(7.0),
    "empty": torch.zeros(0, 3),
    "ünïcode.\"name\"": torch.arange(4, dtype=torch.float32),
}
METADATA = {"format": "pt", "made by": f"torch {torch.__version__}, safetensors {safetensors.__version__}", "π": "\n"}

save_file(TENSORS, Path(__file__).parent / "safetensors_torch.safetensors", metadata=METADATA)
