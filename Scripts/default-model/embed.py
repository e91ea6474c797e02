#!/usr/bin/env python3
"""Writes a model file as the C source that ships it: embed.py model.safetensors > Sources/CDefaultModel/default_model.c

The numbers are shipped in half precision. In base64, since a compiler reads one long string in no time, and a list of
half a million numbers in minutes. Needs nothing but Python.
"""

import base64
import hashlib
import json
import struct
import sys


def safetensors(metadata, shape, kind, values):
    """As Swift's `Safetensors` writes it."""
    tensor = {"data_offsets": [0, len(values)], "dtype": kind, "shape": shape}
    text = json.dumps({"__metadata__": metadata, "directions": tensor}, sort_keys=True, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + values


def identifier(metadata, shape, values):
    """`DescriptorModel.identifier`, which is of the numbers in single precision."""
    content = safetensors({"format": metadata["format"]}, shape, "F32", values)
    return hashlib.sha256(content).hexdigest()[:32]


data = open(sys.argv[1], "rb").read()
(length,) = struct.unpack("<Q", data[:8])
header, values = json.loads(data[8 : 8 + length]), data[8 + length :]
metadata, shape = header["__metadata__"], header["directions"]["shape"]
if identifier(metadata, shape, values) != metadata["identifier"]:
    sys.exit(f"{sys.argv[1]}: its identifier is not that of its directions")
directions = struct.unpack(f"<{len(values) // 4}f", values)
half = struct.pack(f"<{len(directions)}e", *directions)
rounded = struct.unpack(f"<{len(directions)}e", half)
metadata["identifier"] = identifier(metadata, shape, struct.pack(f"<{len(rounded)}f", *rounded))
shipped = base64.b64encode(safetensors(metadata, shape, "F16", half)).decode()

print('// Made by Scripts/default-model.\n#include "CDefaultModel.h"\n\nstatic const char base64[] =')
print("\n".join(f'  "{shipped[start:start + 116]}"' for start in range(0, len(shipped), 116)) + ";")
print("\nconst char *akin_default_model(void) { return base64; }")
