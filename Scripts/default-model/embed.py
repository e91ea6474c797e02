#!/usr/bin/env python3
"""Writes a model file as the C source that ships it: embed.py model.safetensors > Sources/CDefaultModel/default_model.c

In base64, since a compiler reads one long string in no time, and a list of half a million numbers in minutes.
"""

import base64
import sys

text = base64.b64encode(open(sys.argv[1], "rb").read()).decode()
print('// Made by Scripts/default-model.\n#include "CDefaultModel.h"\n\nstatic const char base64[] =')
print("\n".join(f'  "{text[start:start + 116]}"' for start in range(0, len(text), 116)) + ";")
print("\nconst char *akin_default_model(void) { return base64; }")
