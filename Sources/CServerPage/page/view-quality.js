import { getWhenMade } from "./api.js";
import { counted, fill, h } from "./dom.js";
import { problemPanel } from "./notice.js";
import { songList } from "./song-row.js";

const measures = [["map", "MAP", "mean average precision"], ["mrr", "MRR", "mean reciprocal rank"], ["p@1", "P@1", "how often the first song is right"], ["p@5", "P@5", "how many of the first five are right"], ["p@9", "P@9", "how many of the first nine are right"]];

/** How well songs find their own artist, album and genre. */
export async function view({ signal }) {
  const place = h("div", { class: "quality" });
  const wait = h("div", { class: "quality-wait" }, h("p", { class: "quiet" }, "Every song asks for what sounds like it; this takes a moment."), h("progress", { max: 100, "aria-label": "Measured" }));
  const asked = getWhenMade("quality", signal, (share) => {
    if (!wait.isConnected) place.replaceChildren(wait);
    if (share !== undefined) wait.querySelector("progress").value = share * 100;
  }).then((answer) => fill(place, shown(answer)), (error) => { if (error.name !== "AbortError") place.replaceChildren(problemPanel(error)); });
  await Promise.race([asked, new Promise((resolve) => setTimeout(resolve, 150))]);
  return h("div", { class: "view" }, h("header", { class: "title" }, h("h1", {}, "Quality")),
    h("p", { class: "quiet lead" }, "Every song asks for the songs that sound most like it. How often are they by the same artist, from the same album, of the same genre? Tags are not heard, only compared."), place);
}

function shown({ quality: { models }, worst }) {
  const questions = models[0]?.answers ?? [];
  return [
    ...questions.map((answer) => h("section", { class: "section" },
      h("h2", {}, `The same ${answer.question}`), h("p", { class: "quiet" }, `${counted(answer.queries, "song")} asked.`),
      table(answer.question, models))),
    ...models.slice(0, 1).map(hubsOf),
    worst.some(({ songs }) => songs.length) && h("section", { class: "section" }, h("h2", {}, "Songs with the worst answers"),
      h("p", { class: "quiet" }, "Their own kind comes late in what is recommended for them. Their tags may be wrong, or they are unlike all else."),
      worst.filter(({ songs }) => songs.length).map(({ question, songs }) => h("details", { class: "more" }, h("summary", {}, `By ${question}`), songList(songs)))),
  ];
}

function table(question, models) {
  const rows = models.flatMap((model) => {
    const answer = model.answers.find((one) => one.question === question);
    return answer ? [[model.model, answer.measures, answer]] : [];
  });
  const chance = rows[0]?.[2].chance;
  if (chance) rows.push(["by chance", chance]);
  return h("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": `The same ${question}` }, h("table", { class: "measures" },
    h("thead", {}, h("tr", {}, h("th", { scope: "col" }, h("span", { class: "unseen" }, "Model")), measures.map(([, name, meaning]) => h("th", { scope: "col", title: meaning }, name)))),
    h("tbody", {}, rows.map(([name, values], index) => h("tr", { class: index ? "" : "best" }, h("th", { scope: "row" }, name),
      measures.map(([key]) => h("td", { class: "number" }, values[key] === undefined ? "–" : values[key].toFixed(3), h("span", { class: "bar", "aria-hidden": "true", style: { "--value": values[key] ?? 0 } }))))))));
}

function hubsOf({ hubs, songs, lists }) {
  if (!hubs) return undefined;
  const facts = [
    ["Songs that nobody is recommended", `${(100 * hubs.nobodysShare).toFixed(1)} %`],
    ["The song that is recommended most comes in", counted(hubs.largest, "list")],
    ["Skewness (0 is even)", hubs.skewness.toFixed(2)],
  ];
  return h("section", { class: "section" }, h("h2", {}, "Fairness"), h("p", { class: "quiet" }, `Is every song recommended now and then, and none always? ${counted(lists, "list")} over ${counted(songs, "song")}.`),
    h("dl", { class: "facts" }, facts.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", { class: "number" }, value)))));
}
