#!/usr/bin/env python3
"""Writes a model file as the C source that ships it: embed.py model.safetensors > Sources/CDefaultModel/default_model.c

The numbers are shipped in half precision. In base64, since a compiler reads one long string in no time, and a list of half a
million numbers in minutes. Needs nothing but Python.
"""

import base64
import json
import struct
import sys

data = open(sys.argv[1], "rb").read()
(length,) = struct.unpack("<Q", data[:8])
header, values = json.loads(data[8 : 8 + length]), data[8 + length :]
directions = struct.unpack(f"<{len(values) // 4}f", values)
half = struct.pack(f"<{len(directions)}e", *directions)
header["directions"].update(dtype="F16", data_offsets=[0, len(half)])
# It is of the numbers in single precision.
del header["__metadata__"]["identifier"]
text = json.dumps(header, sort_keys=True, separators=(",", ":")).encode()
text += b" " * (-len(text) % 8)
shipped = base64.b64encode(struct.pack("<Q", len(text)) + text + half).decode()

print('// Made by Scripts/default-model.\n#include "CDefaultModel.h"\n\nstatic const char base64[] =')
print("\n".join(f'  "{shipped[start:start + 116]}"' for start in range(0, len(shipped), 116)) + ";")
print("\nconst char *akin_default_model(void) { return base64; }")
