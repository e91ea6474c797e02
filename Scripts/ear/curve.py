#!/usr/bin/env python3
"""Draws what simulate.py measured: curve.py emotify/curve.json open/curve.json > docs/images/ear.svg

One small picture for each listener of each collection: agreement on songs that were never asked about, by the number of
answers; chosen questions, questions of chance, and the Mahalanobis distance from the latter.
"""

import json
import sys
from html import escape

WIDTH, HEIGHT, GAP, LEFT, TOP, COLUMNS = 170, 110, 46, 34, 58, 4
LINES = [("of chance", "#8a8f98", "4 3"), ("chosen", "#c2410c", ""), ("Mahalanobis, of chance", "#2563eb", "1 3")]


def main(*files):
    curves = [(file.split("/")[-2].split("-")[-1], json.load(open(file, encoding="utf-8"))) for file in files]
    rows = sum(-(-len(listeners) // COLUMNS) for _, listeners in curves)
    width = LEFT + COLUMNS * (WIDTH + GAP)
    height = TOP + rows * (HEIGHT + 58)
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="11">',
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
        '<text x="10" y="18" font-size="13" font-weight="bold">Agreement on unseen songs by the number of answers</text>']
    for place, (name, colour, dash) in enumerate(LINES):
        x = 10 + 130 * place
        out.append(f'<line x1="{x}" x2="{x + 22}" y1="32" y2="32" stroke="{colour}" stroke-width="2" stroke-dasharray="{dash}"/>')
        out.append(f'<text x="{x + 28}" y="36">{name}</text>')
    first = 0
    for collection, listeners in curves:
        values = [v for curve in listeners.values() for cells in curve.values() for v in cells]
        low, high = min(values) - 0.01, max(values) + 0.01
        for place, (name, curve) in enumerate(listeners.items()):
            left = LEFT + place % COLUMNS * (WIDTH + GAP)
            top = TOP + 18 + (first + place // COLUMNS) * (HEIGHT + 58)
            counts = sorted(map(int, curve))

            def x(count):
                return left + WIDTH * (count / counts[-1]) ** 0.5

            def y(value):
                return top + HEIGHT * (high - value) / (high - low)

            out.append(f'<text x="{left}" y="{top - 6}">{escape(collection)}: {escape(name)}</text>')
            out.append(f'<rect x="{left}" y="{top}" width="{WIDTH}" height="{HEIGHT}" fill="none" stroke="#d4d4d8"/>')
            for value in [step / 20 for step in range(10, 20) if low < step / 20 < high]:
                out.append(f'<line x1="{left}" x2="{left + WIDTH}" y1="{y(value):.1f}" y2="{y(value):.1f}" stroke="#eee"/>')
                out.append(f'<text x="{left - 4}" y="{y(value) + 4:.1f}" text-anchor="end" font-size="9">{value:.2f}</text>')
            for count in counts:
                out.append(f'<text x="{x(count):.1f}" y="{top + HEIGHT + 12}" text-anchor="middle" font-size="9">{count}</text>')
            for line, (_, colour, dash) in enumerate(LINES):
                points = " ".join(f"{x(count):.1f},{y(curve[str(count)][line]):.1f}" for count in counts)
                out.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2" stroke-dasharray="{dash}"/>')
        first += -(-len(listeners) // COLUMNS)
    print("\n".join(out + ["</svg>"]))


if __name__ == "__main__":
    main(*sys.argv[1:])
