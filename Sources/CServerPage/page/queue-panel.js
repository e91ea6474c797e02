// The queue beside the page; on a phone, the whole of it.

import { songCover } from "./cover.js";
import { button, counted, h, iconButton } from "./dom.js";
import { savePlaylist } from "./save.js";
import { link } from "./links.js";
import { attempt } from "./notice.js";
import { opinionButtons, seekBar, transport } from "./player-bar.js";
import { queue } from "./queue.js";
import { artistLinks, songRow } from "./song-row.js";

export function queuePanel(panel, onclose) {
  const now = h("div", { class: "queue-now" });
  const controls = h("div", { class: "queue-controls" }, seekBar(), h("div", { class: "queue-buttons" }, opinionButtons(), transport()));
  const list = h("ol", { class: "rows compact" });
  const heading = h("div", { class: "queue-heading" });
  const actions = h("div", { class: "queue-actions" });
  panel.replaceChildren(
    h("header", { class: "queue-top" }, h("h2", {}, "Queue"), iconButton("close", "Close the queue", onclose)), now, controls, heading, list, actions);

  let shown;
  function showNow() {
    const { song } = queue;
    if (song === shown) return;
    shown = song;
    now.replaceChildren(...(song ? [songCover(song, 320), h("a", { class: "queue-title", href: link.song(song.id), onclick: () => { if (innerWidth <= 640) onclose(); } }, song.title), h("p", { class: "quiet" }, artistLinks(song))] : []));
  }

  function show() {
    showNow();
    controls.hidden = !queue.song;
    const { coming } = queue;
    const why = queue.radio ? "It goes on without an end, and follows what you like and skip." : coming.length ? counted(coming.length, "song") : "";
    heading.replaceChildren(h("h3", {}, queue.label || (coming.length ? "Next" : "")), why && h("p", { class: "quiet" }, why));
    list.replaceChildren(...coming.slice(0, 100).map((item, offset) => {
      const index = queue.at + 1 + offset;
      return songRow(item.song, {
        onplay: () => queue.jump(index), plain: true,
        actions: [iconButton("up", `Move ${item.song.title} up`, () => queue.move(index, -1), { class: "icon-button row-action", disabled: offset === 0 }),
          iconButton("close", `Take ${item.song.title} out of the queue`, () => queue.take(index), { class: "icon-button row-action" })],
      });
    }));
    actions.replaceChildren(...(queue.song ? [
      !queue.radio && button("Go on without an end", () => attempt(() => queue.extend()), { symbol: "endless" }),
      button("Save as M3U8", () => attempt(() => savePlaylist(queue.items.map((item) => item.song), queue.label || "Queue")), { symbol: "save", kind: "plain" }),
      coming.length > 0 && button("Clear", () => queue.clear(), { kind: "plain" })].filter(Boolean)
      : [h("p", { class: "quiet" }, "Nothing is in the queue. Play a song, an album, or an endless queue from anything.")]));
  }
  queue.addEventListener("change", () => { if (!panel.hidden) show(); });
  return show;
}
