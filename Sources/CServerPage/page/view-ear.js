import { get, post, remove } from "./api.js";
import { songCover } from "./cover.js";
import { button, counted, fill, h, icon } from "./dom.js";
import { Excerpt } from "./excerpt.js";
import { link } from "./links.js";
import { attempt } from "./notice.js";
import { player } from "./player.js";
import { artistLinks } from "./song-row.js";

const kbd = (key) => h("kbd", { "aria-hidden": "true" }, key);

const percent = (share) => `${Math.round(100 * share)} %`;

/** What was learned from answers, and how good it is. */
function sentence({ adopted, reason, before, after, certainty }) {
  if (certainty === undefined) return "";
  const figures = `What your answers taught foretells ${percent(after)} of them unseen, ${percent(before)} without it`;
  return adopted
    ? `${figures}: songs are compared as you hear them.`
    : `${figures}. It is not in use, since ${reason}.`;
}

/** Which of three songs does not belong? Each answer is kept, and after every ten they are learned from. */
export async function view({ signal }) {
  const excerpt = new Excerpt();
  const ask = () => get("odd-one-out", {}, signal);
  const cards = h("ol", { class: "trio" });
  const count = h("span", { class: "quiet number", "aria-live": "polite" });
  const learned = h("p", { class: "quiet", "aria-live": "polite" });
  let question;
  /** The answers that can be taken back, each its event and its question. */
  const answers = [];
  let isBusy = false;

  function show(next) {
    excerpt.stop();
    const place = [...cards.children].findIndex((card) => card.contains(document.activeElement));
    question = next;
    fill(cards, question.songs.map((song, index) => card(song, index)));
    cards.children[place]?.querySelector("button").focus({ preventScroll: true });
    count.textContent = question.answered ? `${counted(question.answered, "answer")} so far` : "";
    learned.textContent = question.learned ? sentence(question.learned) : "";
    undo.disabled = answers.length === 0;
  }

  function card(song, index) {
    return h("li", { class: "odd", data: { song: song.id } },
      h("button", { type: "button", class: "odd-cover", "aria-label": `Listen to ${song.title}`, "aria-pressed": "false", onclick: () => listen(song) },
        songCover(song, 400), h("span", { class: "odd-play" }, icon("play"), icon("pause")), h("span", { class: "bar", "aria-hidden": "true" })),
      h("div", { class: "odd-names" }, h("a", { class: "odd-title", href: link.song(song.id) }, song.title), h("span", { class: "quiet" }, artistLinks(song))),
      button(["This one does not belong", kbd(index + 1)], () => answer(song)));
  }

  function mark() {
    for (const one of cards.children) {
      const isHeard = one.dataset.song === String(excerpt.song?.id);
      const cover = one.querySelector(".odd-cover");
      cover.setAttribute("aria-pressed", String(isHeard));
      cover.style.setProperty("--value", isHeard ? excerpt.share : 0);
    }
  }
  const markAll = () => fill(all, icon(excerpt.song ? "pause" : "play"), excerpt.song ? "Stop" : "Listen to all three", kbd("P"));

  const listen = (song) => (excerpt.song === song ? excerpt.stop() : excerpt.play(song));

  /** One thing after the other, whatever is pressed meanwhile. */
  async function once(work) {
    if (isBusy) return;
    isBusy = true;
    await attempt(work);
    isBusy = false;
  }
  const skip = () => once(async () => show(await ask()));
  const answer = (song) => once(async () => {
    const asked = question;
    const { id } = await post("odd-one-out", { songs: asked.songs.map((one) => one.id), odd: song.id });
    answers.push({ id, asked });
    show(await ask());
  });
  const takeBack = () => answers.length && once(async () => {
    const { id, asked } = answers.at(-1);
    await remove(["events", id]);
    answers.pop();
    // The question as it was, but the count as it is now.
    show({ ...asked, answered: Math.max(0, question.answered - 1) });
  });
  const listenToAll = () => (excerpt.song ? excerpt.stop() : excerpt.play(question.songs[0]));
  const all = button("", listenToAll, { kind: "primary" });
  const undo = button(["Undo the last answer", kbd("U")], takeBack, { symbol: "undo", kind: "plain" });

  for (const kind of ["change", "time"]) excerpt.addEventListener(kind, mark);
  excerpt.addEventListener("change", markAll);
  markAll();
  // One after the other, so that one press lets all three be heard.
  excerpt.addEventListener("ended", ({ detail }) => {
    const next = question.songs[question.songs.indexOf(detail) + 1];
    if (next) excerpt.play(next);
  });
  player.addEventListener("change", () => { if (player.playing) excerpt.stop(); }, { signal });
  player.addEventListener("elsewhere", () => excerpt.stop(), { signal });
  signal.addEventListener("abort", () => excerpt.stop());
  const keys = { p: listenToAll, s: skip, u: takeBack, 1: () => answer(question.songs[0]), 2: () => answer(question.songs[1]), 3: () => answer(question.songs[2]) };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.target.closest?.("input, select, dialog[open], [popover]:popover-open, .row")) return;
    keys[event.key.toLowerCase()]?.();
  }, { signal });

  show(await ask());
  return h("div", { class: "view" },
    h("header", { class: "title" }, h("h1", {}, "Your ear"), count),
    h("p", { class: "quiet lead" }, "Two of these songs sound more alike than the third. Which one does not belong, by its sound and not by its name? Your answers stay in your library, and after every ten it learns from them how you hear."),
    cards,
    h("div", { class: "actions trio-actions" },
      all, button(["Skip", kbd("S")], skip, { symbol: "skip" }), undo),
    learned);
}
