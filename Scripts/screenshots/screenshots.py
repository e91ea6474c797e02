#!/usr/bin/env python3
"""The pictures in docs/images: the page of `akin serve`, on the songs that `akin demo` composes.

    make screenshots

The folder akin-demo is composed if it is not there. AKIN is the program; Debian's chromium draws, or the one of playwright.
"""

import contextlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import urllib.parse
import urllib.request

from playwright.sync_api import sync_playwright

ROOT = pathlib.Path(__file__).resolve().parents[2]
IMAGES = ROOT / "docs" / "images"
AKIN = os.environ.get("AKIN", ROOT / ".build" / "release" / "akin")
DEMO = ROOT / "akin-demo"
DESKTOP, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 780}
LARGEST = 250_000


@contextlib.contextmanager
def serving():
    """The address of a server of the demo's library."""
    library = DEMO / "library.sqlite"
    if not library.exists():
        subprocess.run([AKIN, "demo", "--directory", DEMO], check=True)
    server = subprocess.Popen([AKIN, "serve", "--library", library, "--port", "0"], stdout=subprocess.PIPE, text=True)
    try:
        yield server.stdout.readline().strip()
    finally:
        server.terminate()
        server.wait()


def song(url, words):
    with urllib.request.urlopen(f"{url}api/v1/search?q={urllib.parse.quote(words)}&count=1") as answer:
        return json.load(answer)["songs"][0]["id"]


def save(page, name):
    """Writes what the page shows, in fewer colours if it is too large otherwise."""
    page.mouse.move(0, 0)
    page.wait_for_load_state("networkidle" if name == "quality" else "load")
    page.wait_for_timeout(1200)
    file = IMAGES / f"{name}.png"
    page.screenshot(path=file)
    if file.stat().st_size > LARGEST:
        palette = "split[one][two];[one]palettegen[colors];[two][colors]paletteuse=dither=none"
        small = file.with_suffix(".small.png")
        subprocess.run(["ffmpeg", "-v", "error", "-y", "-i", file, "-vf", palette, small], check=True)
        small.replace(file)
    print(f"{file.relative_to(ROOT)}  {file.stat().st_size / 1000:.0f} kB")


def open_map(page, url):
    """The map, with a song that was picked and plays."""
    page.goto(url)
    overlay = page.locator(".map-overlay")
    overlay.wait_for(timeout=120_000)
    page.wait_for_timeout(500)
    # The keyboard finds the song in the middle, and its tip says where it lies.
    overlay.focus()
    page.keyboard.press("ArrowRight")
    place = page.locator(".map-tip").evaluate("tip => new DOMMatrix(tip.style.transform)")
    overlay.blur()
    overlay.click(position={"x": place["e"], "y": place["f"]})
    page.locator(".map-card .row").first.wait_for()


def main():
    IMAGES.mkdir(parents=True, exist_ok=True)
    chromium = os.environ.get("AKIN_CHROMIUM") or shutil.which("chromium")
    with serving() as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--autoplay-policy=no-user-gesture-required"])

        def opened(viewport, theme):
            return browser.new_context(viewport=viewport, color_scheme=theme, reduced_motion="reduce").new_page()

        page = opened(DESKTOP, "light")
        open_map(page, url)
        save(page, "map")
        page.goto(f"{url}#/song/{song(url, 'Thistle Waltz')}")
        page.locator(".small-map .map").wait_for()
        save(page, "song")
        ends = [song(url, words) for words in ["Lantern", "Diesel"]]
        page.goto(f"{url}#/playlist?kind=path&count=8&path=song:{ends[0]}&path=song:{ends[1]}")
        page.locator(".small-map .map").wait_for()
        save(page, "path")
        page.goto(f"{url}#/quality")
        page.locator(".measures").first.wait_for(timeout=120_000)
        save(page, "quality")

        page = opened(PHONE, "light")
        open_map(page, url)
        save(page, "phone")

        page = opened(DESKTOP, "dark")
        open_map(page, url)
        save(page, "dark")
        browser.close()


if __name__ == "__main__":
    main()
