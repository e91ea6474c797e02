import { get } from "./api.js";
import { button, counted, h } from "./dom.js";
import { attempt, emptyPanel } from "./notice.js";
import { songRow } from "./song-row.js";

const step = 50;

/** Recordings that are there more than once. */
export async function view({ signal }) {
  const list = h("div", { class: "groups" });
  const more = button("Show more", () => attempt(add));
  let shown = 0;
  const { total, items } = await get("duplicates", { count: step }, signal);
  async function add(groups) {
    const next = groups ?? (await get("duplicates", { offset: shown, count: step }, signal)).items;
    list.append(...next.map(groupOf));
    shown += next.length;
    more.hidden = shown >= total;
  }
  await add(items);
  return h("div", { class: "view" }, h("header", { class: "title" }, h("h1", {}, "Duplicates"), h("span", { class: "quiet number" }, total ? counted(total, "recording") : "")),
    total ? h("p", { class: "quiet lead" }, "The same recording more than once, found by its sound, whatever its format or tags. The best copy stands first. Akin removes nothing.") : emptyPanel("Nothing is there twice", "No two files have the same recording."),
    list, more);
}

function groupOf({ songs }) {
  return h("section", { class: "group" }, h("ol", { class: "rows" }, songs.map((copy, index) => songRow(copy.song, {
    extra: h("span", { class: "row-facts number quiet" }, factsOf(copy)), below: h("span", { class: "row-path quiet", title: copy.song.path }, index === 0 ? h("strong", {}, "best ") : "", copy.song.path),
  }))));
}

function factsOf({ codec, bitRate, bytes, sampleRate }) {
  return [codec?.toUpperCase(), bitRate && `${Math.round(bitRate / 1000)} kbit/s`, sampleRate && `${sampleRate / 1000} kHz`, `${(bytes / 1e6).toFixed(1)} MB`].filter(Boolean).join(" · ");
}
