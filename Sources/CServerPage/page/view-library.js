import { get, happenings, post, remove } from "./api.js";
import { button, counted, fill, h, iconButton, lasting, number } from "./dom.js";
import { link } from "./links.js";
import { attempt, tell } from "./notice.js";
import { commandBox, indexCommand } from "./view-empty.js";

/** What the library holds, listening to the folders again, and what is never recommended. */
export async function view({ signal }) {
  const [status, blocks, session, indexing] = await Promise.all(["status", "blocks", "session", "indexing"].map((name) => get(name, {}, signal)));
  const { library } = status;
  const figures = [[number(library.tracks), "songs"], [number(status.albums), "albums"], [number(status.artists), "artists"], lengthOf(library.hours)];
  return h("div", { class: "view" }, h("header", { class: "title" }, h("h1", {}, "Library"), session.required && [h("span", { class: "quiet" }, session.name), button("Log out", () => attempt(logOut))]),
    h("dl", { class: "figures" }, figures.map(([value, name]) => h("div", {}, h("dt", {}, name), h("dd", { class: "number" }, value)))),
    h("nav", { class: "library-ways", "aria-label": "More" }, [["Genres", link.genres()], ["Your ear", link.ear()], ["Duplicates", link.duplicates()], ["Quality", link.quality()]].map(([name, href]) => h("a", { class: "button", href }, name))),
    status.note && h("p", { class: "hint" }, status.note),
    folders(library, indexing, signal), heard(library), blockList(blocks, signal));
}

/** As a number and its unit: minutes, if it is not an hour or two. */
function lengthOf(hours) {
  return hours < 2 ? [number(Math.round(hours * 60)), "minutes"] : [number(Math.round(hours)), "hours"];
}

async function logOut() {
  await remove("session");
  location.replace("login.html");
}

function folders(library, first, signal) {
  const state = h("div", { class: "indexing", "aria-live": "polite" });
  const section = h("section", { class: "section" }, h("h2", {}, "Folders"),
    library.roots.length ? h("ul", { class: "lines" }, library.roots.map((root) => h("li", {}, h("code", {}, root.path), root.missing && h("span", { class: "bad-text" }, "not there now"))))
      : h("div", { class: "no-folder" }, h("p", { class: "quiet" }, "None yet. In a terminal, with the folder where your music is:"), commandBox(indexCommand(library.library))), state);
  const start = button("Listen again", () => attempt(async () => { await post("indexing"); follow(); }), { disabled: library.roots.length === 0 });
  const stop = button("Stop", () => attempt(async () => { await remove("indexing"); tell("It stops after the songs that it listens to now."); }), { kind: "plain" });
  const bar = h("progress", { max: 100, "aria-label": "Listening" });
  function show(indexing) {
    const { phase = "idle", step = "", done, total } = indexing ?? {};
    if (total) bar.value = (100 * done) / total; else bar.removeAttribute("value");
    const steps = step.charAt(0).toUpperCase() + step.slice(1);
    fill(state, phase === "running" ? [bar, h("p", { class: "quiet number" }, total ? `${steps}: ${number(done)} of ${number(total)}` : `${steps} …`), stop]
      : [start, phase === "failed" ? h("p", { class: "bad-text" }, indexing.reason) : h("p", { class: "quiet" }, phase === "done" ? `Done: ${changes(indexing)}.` : last(library.lastIndexing))]);
    return phase === "running";
  }
  async function follow() {
    // Events tell the same, but not over every proxy.
    while (!signal.aborted && show(await get("indexing", {}, signal))) await new Promise((resolve) => setTimeout(resolve, 1000));
  }
  happenings.addEventListener("indexing", (event) => show(event.detail), { signal });
  if (show(first)) attempt(follow);
  return section;
}

function last(indexing) {
  if (!indexing) return "";
  return `Last on ${new Date(indexing.began).toLocaleString("en", { dateStyle: "medium", timeStyle: "short" })}, in ${lasting(indexing.seconds)}: ${changes(indexing)}.`;
}

function changes(indexing) {
  const parts = [[indexing.added, "new"], [indexing.updated, "changed"], [indexing.moved, "moved"], [indexing.forgotten, "forgotten"], [indexing.skipped, "could not be heard"]].filter(([count]) => count > 0).map(([count, what]) => `${number(count)} ${what}`);
  return parts.join(", ") || "nothing new";
}

function heard({ refused = [], models = [] }) {
  if (!refused.length && !models.length) return undefined;
  return h("section", { class: "section" }, h("h2", {}, "What was heard"),
    h("ul", { class: "lines" }, models.map((model) => h("li", {}, h("span", {}, `${counted(model.songs, "song")} by the model “${model.name}”`), !model.complete && h("span", { class: "bad-text" }, "not all songs yet")))),
    refused.length > 0 && h("details", { class: "more" }, h("summary", {}, `${counted(refused.length, "file")} could not be heard`),
      h("ul", { class: "lines" }, refused.slice(0, 500).map((file) => h("li", {}, h("code", {}, file.path ?? String(file)), file.reason && h("span", { class: "quiet" }, file.reason))))));
}

function blockList(blocks, signal) {
  const section = h("section", { class: "section" }, h("h2", {}, "Never recommended"));
  const list = h("ul", { class: "lines" });
  const show = (all) => {
    list.replaceChildren(...all.map((block) => h("li", {}, h("span", { class: "chip-kind quiet" }, block.kind), h("span", { class: "grow" }, block.name.replace(`${block.kind} `, "")), h("span", { class: "quiet number" }, counted(block.songs, "song")),
      iconButton("close", `Recommend ${block.name} again`, () => attempt(async () => { await remove("blocks", block.clause); show(await get("blocks")); })))));
    if (!all.length) list.replaceChildren(h("li", { class: "quiet" }, "Nothing is blocked. The menu (…) of a song, an album, an artist or a genre does it."));
  };
  show(blocks);
  happenings.addEventListener("blocks", () => attempt(async () => show(await get("blocks", {}, signal))), { signal });
  section.append(list);
  return section;
}
