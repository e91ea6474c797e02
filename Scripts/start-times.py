#!/usr/bin/env python3
"""How long a program that does nothing takes to start: alone, linked with TagLib, and with FFmpeg's libavformat.

Prints the shortest of 200 starts each, in turn, which other programs disturb least. Needs a C++ compiler, and both libraries' files for developers.
"""

import os
import subprocess
import tempfile
import time

# Each calls what it is linked with, so that no linker leaves it out.
PROGRAMS = {
    "empty": ("int main() {}", []),
    "TagLib": ("#include <taglib/tstring.h>\nint main() { return TagLib::String(\"\").size(); }", ["-ltag"]),
    "libavformat": (
        'extern "C" {\n#include <libavformat/avformat.h>\n}\nint main() { return avformat_version() == 0; }',
        ["-lavformat"]),
}


def milliseconds(program):
    start = time.perf_counter()
    subprocess.run([program], check=True)
    return (time.perf_counter() - start) * 1000


with tempfile.TemporaryDirectory() as folder:
    times = {}
    for name, (source, libraries) in PROGRAMS.items():
        program = os.path.join(folder, name)
        compiler = [os.environ.get("CXX", "c++"), "-x", "c++", "-O2", "-", "-o", program]
        subprocess.run(compiler + libraries, input=source, text=True, check=True)
        times[program] = []
    for _ in range(200):
        for program, measured in times.items():
            measured.append(milliseconds(program))
    for program, measured in times.items():
        print(f"{os.path.basename(program)}: {min(measured):.2f} ms")
