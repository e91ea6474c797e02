// The bar below: what plays, and how to go on.

import { songCover } from "./cover.js";
import { clock, h, icon, iconButton } from "./dom.js";
import { link } from "./links.js";
import { attempt } from "./notice.js";
import { player } from "./player.js";
import { queue } from "./queue.js";
import { artistLinks } from "./song-row.js";

/** A slider for the place in the song. */
export function seekBar() {
  const slider = h("input", { type: "range", class: "range", min: 0, max: 1000, value: 0, step: 1, "aria-label": "Place in the song" });
  let held = false;
  slider.addEventListener("input", () => { held = true; show(); });
  slider.addEventListener("change", () => { held = false; player.seek((slider.value / 1000) * player.duration); });
  const [now, whole] = [h("span", { class: "number quiet" }), h("span", { class: "number quiet" })];
  function show() {
    if (!held) slider.value = player.duration ? (player.position / player.duration) * 1000 : 0;
    slider.style.setProperty("--value", slider.value / 1000);
    now.textContent = clock(held ? (slider.value / 1000) * player.duration : player.position) || "0:00";
    whole.textContent = clock(player.duration);
    slider.setAttribute("aria-valuetext", `${now.textContent} of ${whole.textContent}`);
    slider.disabled = !player.song;
  }
  for (const kind of ["time", "change"]) player.addEventListener(kind, show);
  show();
  return h("div", { class: "seek" }, now, slider, whole);
}

/** The buttons to like and dislike what plays. */
export function opinionButtons() {
  const make = (kind, symbol, label) => iconButton(symbol, label, () => queue.song && attempt(() => queue.judge(queue.song, kind)), { "aria-pressed": "false", data: { kind } });
  const buttons = [make("disliked", "less", "Less like this (D)"), make("liked", "heart", "More like this (L)")];
  const show = () => {
    for (const one of buttons) {
      one.setAttribute("aria-pressed", String(queue.opinion(queue.song) === one.dataset.kind));
      one.disabled = !queue.song;
    }
  };
  queue.addEventListener("change", show);
  show();
  return h("div", { class: "opinions" }, buttons);
}

/** Back, play, on. */
export function transport() {
  const toggle = h("button", { type: "button", class: "play-button", onclick: () => player.toggle() }, icon("play"), icon("pause"));
  const [back, on] = [iconButton("previous", "Previous song (Shift ←)", () => queue.previous()), iconButton("next", "Next song (Shift →)", () => queue.next())];
  function show() {
    const { playing } = player;
    toggle.classList.toggle("playing", playing);
    toggle.setAttribute("aria-label", playing ? "Pause (Space)" : "Play (Space)");
    for (const one of [toggle, back, on]) one.disabled = !queue.song;
  }
  player.addEventListener("change", show);
  queue.addEventListener("change", show);
  show();
  return h("div", { class: "transport" }, back, toggle, on);
}

function volume() {
  const slider = h("input", { type: "range", class: "range", min: 0, max: 100, "aria-label": "Volume" });
  let before = 1;
  const mute = h("button", { type: "button", class: "icon-button", onclick: () => { if (player.volume) { before = player.volume; player.volume = 0; } else player.volume = before; } }, icon("volume"), icon("muted"));
  slider.addEventListener("input", () => { player.volume = slider.value / 100; });
  function show() {
    slider.value = player.volume * 100;
    slider.style.setProperty("--value", player.volume);
    mute.classList.toggle("off", player.volume === 0);
    mute.setAttribute("aria-label", player.volume ? "Mute" : "Sound on");
  }
  player.addEventListener("change", show);
  show();
  return h("div", { class: "volume" }, mute, slider);
}

export function playerBar(openQueue) {
  const song = h("div", { class: "player-song" });
  const queueButton = iconButton("queue", "Queue (Q)", openQueue, { "aria-expanded": "false", class: "icon-button queue-button" });
  const line = h("div", { class: "player-line", "aria-hidden": "true" });
  let shown;
  function show() {
    const current = queue.song;
    if (current === shown && song.childElementCount) return;
    shown = current;
    song.replaceChildren(...(current ? [
      h("button", { type: "button", class: "player-cover", "aria-label": "Open the queue", onclick: openQueue }, songCover(current, 56)),
      h("div", { class: "player-names" }, h("a", { class: "player-title", href: link.song(current.id) }, current.title), h("span", { class: "quiet" }, artistLinks(current)))]
      : [h("p", { class: "quiet player-nothing" }, "Nothing is playing.")]));
  }
  queue.addEventListener("change", show);
  player.addEventListener("time", () => line.style.setProperty("--value", player.duration ? player.position / player.duration : 0));
  show();
  return [line, song, h("div", { class: "player-middle" }, transport(), seekBar()), h("div", { class: "player-end" }, opinionButtons(), volume(), queueButton)];
}

/** The keys of a phone, a keyboard or a headset. */
export function mediaSession() {
  const session = navigator.mediaSession;
  if (!session) return;
  queue.addEventListener("change", () => {
    const { song } = queue;
    if (!song) return;
    const artwork = [300, 800].map((size) => ({ src: new URL(`api/v1/songs/${song.id}/cover?size=${size}`, document.baseURI).href, sizes: `${size}x${size}` }));
    session.metadata = new MediaMetadata({ title: song.title, artist: song.artist ?? "", album: song.album ?? "", artwork });
  });
  player.addEventListener("change", () => { session.playbackState = player.song ? (player.playing ? "playing" : "paused") : "none"; });
  player.addEventListener("time", () => {
    if (player.duration > 0) session.setPositionState?.({ duration: player.duration, position: Math.min(player.position, player.duration) });
  });
  const actions = {
    play: () => player.toggle(), pause: () => player.pause(), nexttrack: () => queue.next(), previoustrack: () => queue.previous(),
    seekto: (event) => player.seek(event.seekTime), seekbackward: () => player.seek(player.position - 10), seekforward: () => player.seek(player.position + 10),
  };
  for (const [name, run] of Object.entries(actions)) {
    try { session.setActionHandler(name, run); } catch { /* A browser that has not that key. */ }
  }
}
