import { get, happenings } from "./api.js";
import { songCover } from "./cover.js";
import { button, clock, fill, h, iconButton } from "./dom.js";
import { aspects, reason } from "./explain.js";
import { link } from "./links.js";
import { attempt, emptyPanel, later } from "./notice.js";
import { queue } from "./queue.js";
import { smallMap } from "./small-map.js";
import { artistLinks, endlessFrom, songList, songMenu, unblock } from "./song-row.js";

/** A song, what sounds like it, and why. */
export async function view({ argument, signal }) {
  const asked = get(["songs", argument, "similar"], { count: 30, why: true }, signal);
  const similar = later(asked, (answer) => (answer.songs.length ? songList(answer.songs, {
    label: "What sounds alike", below: (item) => item.why && reason(item.why), extra: (item) => item.why && aspects(item.why),
  }) : emptyPanel("Nothing sounds like it yet", "A library of a few songs more has neighbours for each.")), "songs");
  const { song, tempo, loudness, brightness } = await get(["songs", argument], {}, signal);
  await similar.soon;
  const facts = [
    song.year && ["Year", song.year], ["Length", clock(song.duration)], tempo && ["Tempo", `${Math.round(tempo)} bpm`],
    loudness && ["Loudness", `${loudness.toFixed(1).replace("-", "−")} dB`], brightness && ["Brightness", `${Math.round(brightness)} Hz`],
  ].filter(Boolean);
  const like = button("More like this", () => attempt(() => queue.judge(song, "liked")), { symbol: "heart", kind: "toggle" });
  const less = button("Less", () => attempt(() => queue.judge(song, "disliked")), { symbol: "less", kind: "toggle", "aria-label": "Less like this" });
  const showOpinion = () => {
    like.setAttribute("aria-pressed", String(queue.opinion(song) === "liked"));
    less.setAttribute("aria-pressed", String(queue.opinion(song) === "disliked"));
  };
  queue.addEventListener("change", showOpinion, { signal });
  showOpinion();
  const blocked = h("div", { "aria-live": "polite" });
  const showBlocked = async () => fill(blocked, blocksOf(song, await get("blocks", {}, signal)).map((block) => h("p", { class: "hint blocked" },
    h("span", {}, block.kind === "song" ? "This song is never recommended." : `Never recommended: the ${block.kind} “${block.clause[block.kind]}”.`), button("Recommend it again", () => attempt(() => unblock(block.clause)), { kind: "plain" }))));
  happenings.addEventListener("blocks", () => attempt(showBlocked), { signal });
  const head = h("header", { class: "head" }, songCover(song, 240), h("div", { class: "head-text" },
    h("h1", {}, song.title),
    h("p", { class: "head-by" }, artistLinks(song), song.album && [h("span", { class: "quiet" }, " on "), h("a", { href: link.album(song.albumId) }, song.album)]),
    h("div", { class: "chips" }, song.genres.map((genre) => h("a", { class: "chip", href: link.genre(genre) }, genre))),
    h("dl", { class: "facts" }, facts.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", { class: "number" }, value)))),
    blocked,
    h("div", { class: "actions" },
      button("Play", () => queue.play([song]), { symbol: "play", kind: "primary" }),
      button("Endless queue", () => attempt(() => endlessFrom(song)), { symbol: "endless" }), like, less,
      iconButton("dots", "More", (event) => songMenu(event.currentTarget, song), { "aria-haspopup": "menu" }))));
  await attempt(showBlocked);
  const map = h("div", { class: "beside" });
  const show = smallMap(map, { signal, center: song.id, label: `${song.title} and what sounds like it, on the map` });
  asked.then((answer) => show({ center: song.id, spokes: answer.songs.map((item) => item.song.id) }), () => {});
  return h("div", { class: "view", data: { title: [song.title, song.artist].filter(Boolean).join(" – ") } }, head, h("div", { class: "with-map" },
    h("section", { class: "section" }, h("h2", {}, "Sounds like this"), similar.place), map));
}

/** What of the block list keeps a song from being recommended. */
function blocksOf(song, blocks) {
  const isSame = (one, other) => one !== undefined && one.toLowerCase() === other?.toLowerCase();
  const holds = {
    path: (path) => path === song.path, song: (id) => id === song.id, album: (name) => isSame(name, song.album), genre: (name) => song.genres.some((genre) => isSame(genre, name)),
    artist: (name) => isSame(name, song.artist) || song.artists?.some((artist) => isSame(artist.name, name)),
  };
  return blocks.filter(({ clause }) => Object.entries(clause).every(([kind, value]) => holds[kind]?.(value)));
}
