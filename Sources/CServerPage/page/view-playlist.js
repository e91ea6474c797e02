import { get, post } from "./api.js";
import { button, counted, fill, h, lasting } from "./dom.js";
import { aspects, reason } from "./explain.js";
import { filterEditor, rangeWords } from "./filter-editor.js";
import { link, replacePlace } from "./links.js";
import { attempt, emptyPanel, problemPanel, tell } from "./notice.js";
import { queue } from "./queue.js";
import { savePlaylist } from "./save.js";
import { seedPicker } from "./seed-picker.js";
import { smallMap } from "./small-map.js";
import { songList } from "./song-row.js";

const tabs = { like: "From seeds", path: "A path" };

/** A playlist from seeds, or along a path from one song to another. */
export async function view({ parameters, signal }) {
  const [{ items: genres }, seeds] = await Promise.all([get("genres", { count: 1000 }, signal), seedsOf(parameters, signal)]);
  let kind = parameters.get("kind") === "path" ? "path" : "like";
  const result = h("div", { class: "playlist-result", "aria-live": "polite" });
  const map = h("div", { class: "beside" });
  let showOnMap;
  let asking;

  const pickers = {
    like: seedPicker("Sounds like", seeds.like, change),
    unlike: seedPicker("But not like", seeds.unlike, change),
    path: seedPicker("Stations, in their order", seeds.path, change, { songsOnly: true }),
  };
  const filters = filterEditor(genres, parameters, change);
  const body = () => ({
    ...(kind === "path" ? { path: pickers.path.seeds() } : { like: pickers.like.seeds(), unlike: pickers.unlike.seeds() }),
    ...filters.body(kind), why: true,
  });

  /** The address names what is composed: to go back to, to reload, to keep. */
  function keep() {
    const seeds = (name) => pickers[name].seeds().map((seed) => Object.entries(seed)[0].join(":"));
    replacePlace(link.playlist({ kind: kind === "path" ? kind : "", like: seeds("like"), unlike: seeds("unlike"), path: seeds("path"), ...filters.parameters() }));
  }

  let isReady = false;
  async function change() {
    if (isReady && !signal.aborted) keep();
    const value = body();
    asking?.abort();
    asking = new AbortController();
    signal.addEventListener("abort", () => asking.abort(), { once: true });
    const needed = kind === "path" ? 2 : 1;
    if ((value[kind] ?? []).length < needed) {
      result.replaceChildren(emptyPanel(kind === "path" ? "From where to where?" : "What should it sound like?",
        kind === "path" ? "Pick two songs or more: the playlist goes from one to the next in small steps." : "Pick songs, albums, artists or genres: the playlist sounds like them together."));
      showOnMap?.({});
      return;
    }
    try {
      show(await post("playlist", value, { signal: asking.signal }));
    } catch (error) {
      if (error.name !== "AbortError") result.replaceChildren(problemPanel(error));
    }
  }

  function show(answer) {
    const { songs } = answer;
    const name = kind === "path" ? `From ${pickers.path.names().at(0)} to ${pickers.path.names().at(-1)}` : `Like ${pickers.like.names().join(", ")}`;
    const plain = songs.map((item) => item.song);
    const ids = plain.map((song) => song.id);
    const seedIds = (kind === "like" ? pickers.like.seeds() : []).map((seed) => seed.song).filter(Boolean);
    if (songs.length) { showOnMap ??= smallMap(map, { signal, label: "The playlist on the map" }); }
    showOnMap?.(kind === "path" ? { path: ids } : { center: seedIds[0], chosen: ids });
    fill(result,
      h("header", { class: "title" }, h("h2", {}, name), h("span", { class: "quiet number" }, `${counted(songs.length, "song")}, ${lasting(answer.duration)}`)),
      h("div", { class: "actions" },
        button("Play", () => queue.play(plain, 0, name), { symbol: "play", kind: "primary", disabled: !songs.length }),
        button("Save as M3U8", () => attempt(() => savePlaylist(plain, name)), { symbol: "save", disabled: !songs.length }),
        kind === "like" && button("Endless queue", () => attempt(() => queue.endless(body().like, name, { options: filters.queueOptions() })), { symbol: "endless", disabled: !songs.length })),
      ...answer.unmet.map((clause) => h("p", { class: "hint" }, `Nothing is ${rangeWords(clause.clause)}.${clause.near.length ? ` Near: ${clause.near.join(", ")}.` : ""}`)),
      answer.removed.length > 0 && h("p", { class: "quiet" }, `Left out: ${answer.removed.map((one) => `${counted(one.count, "song")} ${rangeWords(one.reason)}`).join("; ")}.`),
      songs.length ? songList(songs, {
        label: name, leading: (_, index) => index + 1, similarity: (item) => item.step ?? (kind === "path" ? undefined : item.similarity),
        below: (item) => item.why && reason(item.why), extra: (item) => item.why && aspects(item.why),
      }) : emptyPanel("No song is left", "Fewer filters leave more."));
  }
  const forms = {
    like: h("div", { class: "seed-form" }, pickers.like.element, pickers.unlike.element),
    path: h("div", { class: "seed-form" }, pickers.path.element),
  };
  const tabList = h("div", { class: "segments", role: "group", "aria-label": "Kind of playlist" }, Object.entries(tabs).map(([name, label]) =>
    h("button", { type: "button", data: { name }, onclick: () => choose(name) }, label)));
  function choose(name) {
    kind = name;
    for (const one of tabList.children) one.setAttribute("aria-pressed", String(one.dataset.name === kind));
    for (const [each, form] of Object.entries(forms)) form.hidden = each !== kind;
    filters.setKind(kind);
    change();
  }
  choose(kind);
  isReady = true;
  return h("div", { class: "view" }, h("header", { class: "title" }, h("h1", {}, "Playlist"), tabList),
    forms.like, forms.path, filters.element, h("div", { class: "with-map" }, result, map));
}

/** The seeds that an address names, such as `like=song:12&like=artist:ar-1`. */
async function seedsOf(parameters, signal) {
  const found = {};
  for (const name of ["like", "unlike", "path"]) {
    found[name] = (await Promise.all(parameters.getAll(name).slice(0, 100).map(async (text) => {
      const [kind, id] = [text.slice(0, text.indexOf(":")), text.slice(text.indexOf(":") + 1)];
      if (kind === "genre") return { kind, id, name: id };
      if (!["song", "album", "artist"].includes(kind)) return undefined;
      const answer = await get([`${kind}s`, id], {}, signal).catch((error) => {
        if (error.status !== 404 && error.status !== 400) throw error;
        tell(error.message, { bad: true });
      });
      if (!answer) return undefined;
      return { kind, id: kind === "song" ? Number(id) : id, name: answer[kind].title ?? answer[kind].name };
    }))).filter(Boolean);
  }
  return found;
}
