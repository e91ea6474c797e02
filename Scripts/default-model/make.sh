#!/usr/bin/env bash
# Makes the models in the box anew: Scripts/default-model/make.sh MUSIC CHARACTER, where MUSIC holds the folders emotify
# and open, each with its labels.csv, and CHARACTER is a file of `akin distil`. Takes about a minute. How good they are:
# Scripts/default-model/evaluate.py (docs/default-model.md).
set -euo pipefail
cd "$(dirname "$0")/../.."
music=$1
character=$2

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
swift build -c release --product akin
python3 Scripts/default-model/manifest.py "$music/emotify" "$music/open" >"$work/songs.csv"
.build/release/akin train "$work/songs.csv" --model descriptor --all --no-adopt --output "$work/training"
python3 Scripts/default-model/embed.py "$work/training/model.safetensors" "$character" >"$work/default_model.c"
mv "$work/default_model.c" Sources/CDefaultModel/default_model.c
echo "Sources/CDefaultModel/default_model.c is the new model"
