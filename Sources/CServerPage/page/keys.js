// The keyboard.

import { h } from "./dom.js";
import { link } from "./links.js";
import { attempt, openDialog } from "./notice.js";
import { player } from "./player.js";
import { queue } from "./queue.js";
import { nextTheme } from "./theme-button.js";

const table = [
  ["Space", "play, pause"], ["← →", "5 seconds back, on"], ["Shift ← →", "previous song, next song"], ["↑ ↓", "through the songs of a list"],
  ["P", "play the song of the list that has the focus"], ["Enter", "open what has the focus"], ["/", "search"], ["L", "more like this"], ["D", "less like this"], ["Q", "queue"], ["M", "map"],
  ["+ − 0", "on the map: nearer, farther, all of it"], ["1 2 3", "in “Your ear”: this song does not belong"], ["P S U", "there: listen, skip, undo"], ["T", "light, dark, as the system"], ["?", "these keys"], ["Esc", "close"],
];

export function showKeys() {
  openDialog("Keys", h("dl", { class: "keys" }, table.map(([keys, does]) => h("div", {}, h("dt", {}, keys.split(" ").map((key) => h("kbd", {}, key))), h("dd", {}, does)))));
}

/** Goes through rows: to the title of the one before or after. */
function step(by) {
  const rows = [...document.querySelectorAll("main .row-title, aside:not([hidden]) .row-title")];
  const at = rows.indexOf(document.activeElement.closest?.(".row")?.querySelector(".row-title"));
  const next = rows[at < 0 ? 0 : at + by];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
  return next !== undefined;
}

/** Plays the song of a row that has the focus. */
function playRow(element) {
  const cover = element.closest?.(".row")?.querySelector(".row-cover");
  cover?.click();
  return cover !== undefined;
}

export function installKeys({ toggleQueue, panel }) {
  // A button that was clicked keeps the focus, but whoever presses the space bar then means the player.
  let isPointing = false;
  addEventListener("pointerdown", () => { isPointing = true; }, true);
  addEventListener("keydown", (event) => { if (event.key === "Tab" || event.key.startsWith("Arrow")) isPointing = false; }, true);
  addEventListener("keyup", (event) => { if (event.key === " " && isPointing && event.target.closest?.("button:not(dialog *, [popover] *)")) event.preventDefault(); }, true);
  const judge = (kind) => queue.song && attempt(() => queue.judge(queue.song, kind));
  const actions = {
    "/": () => document.querySelector(".search input").focus(),
    "?": showKeys,
    l: () => judge("liked"),
    d: () => judge("disliked"),
    q: toggleQueue,
    p: (event) => playRow(event.target),
    m: () => { location.hash = link.map(); },
    t: nextTheme,
    ArrowUp: () => step(-1),
    ArrowDown: () => step(1),
    ArrowLeft: (event) => (event.shiftKey ? queue.previous() : player.seek(player.position - 5)),
    ArrowRight: (event) => (event.shiftKey ? queue.next() : player.seek(player.position + 5)),
    Escape: () => (panel.hidden ? false : toggleQueue()),
    " ": (event) => (!isPointing && event.target.closest("button, a, summary") ? false : player.toggle()),
  };
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const field = event.target.closest?.("input, select, textarea, dialog[open], [popover]:popover-open, canvas");
    if (field && !(field.type === "checkbox" || (field.tagName === "CANVAS" && !event.key.startsWith("Arrow")))) return;
    const run = actions[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (run && run(event) !== false) event.preventDefault();
  });
}
