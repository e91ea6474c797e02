#!/usr/bin/env python3
"""Writes model files as the C source that ships them: embed.py directions.safetensors character.safetensors >
Sources/CDefaultModel/default_model.c

The numbers are shipped in half precision. In base64, since a compiler reads one long string in no time, and a list of
half a million numbers in minutes. Needs nothing but Python.
"""

import base64
import hashlib
import json
import struct
import sys


def read(path):
    """Metadata, and shape and single-precision values of each tensor."""
    data = open(path, "rb").read()
    (length,) = struct.unpack("<Q", data[:8])
    header, content = json.loads(data[8 : 8 + length]), data[8 + length :]
    metadata = header.pop("__metadata__")
    tensors = {}
    for name, entry in header.items():
        start, end = entry["data_offsets"]
        tensors[name] = entry["shape"], struct.unpack(f"<{(end - start) // 4}f", content[start:end])
    return metadata, tensors


def safetensors(metadata, tensors, kind, letter):
    """As Swift's `Safetensors` writes it."""
    header, content = {"__metadata__": metadata}, b""
    for name in sorted(tensors):
        shape, values = tensors[name]
        packed = struct.pack(f"<{len(values)}{letter}", *values)
        header[name] = {
            "data_offsets": [len(content), len(content) + len(packed)], "dtype": kind, "shape": shape}
        content += packed
    text = json.dumps(header, sort_keys=True, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + content


def identifier(metadata, tensors):
    """The models' `identifier`, which is of the numbers in single precision, without where they come from."""
    own = {key: value for key, value in metadata.items() if key not in ("identifier", "provenance")}
    return hashlib.sha256(safetensors(own, tensors, "F32", "f")).hexdigest()[:32]


def rounded(values):
    return struct.unpack(f"<{len(values)}e", struct.pack(f"<{len(values)}e", *values))


print('// Made by Scripts/default-model.\n#include "CDefaultModel.h"')
for path, name in zip(sys.argv[1:], ["directions", "character"], strict=True):
    metadata, tensors = read(path)
    if identifier(metadata, tensors) != metadata["identifier"]:
        sys.exit(f"{path}: its identifier is not that of its numbers")
    tensors = {key: (shape, rounded(values)) for key, (shape, values) in tensors.items()}
    metadata["identifier"] = identifier(metadata, tensors)
    shipped = base64.b64encode(safetensors(metadata, tensors, "F16", "e")).decode()
    print(f"\nstatic const char {name}[] =")
    print("\n".join(f'  "{shipped[start:start + 116]}"' for start in range(0, len(shipped), 116)) + ";")
    print(f"\nconst char *akin_default_{name}(void) {{ return {name}; }}")
