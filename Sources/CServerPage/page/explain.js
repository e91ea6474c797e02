// Why songs are alike, in bars and words.

import { decimal, h } from "./dom.js";

/** The aspects of a recommendation's reason: how alike each is. */
export function aspects(why) {
  return h("div", { class: "aspects" }, why.aspects.map((aspect) => h("span", { class: "aspect", title: `${aspect.likeness}: ${decimal(aspect.similarity)}` },
    h("span", { class: "quiet" }, aspect.aspect),
    h("span", { class: "bar", "aria-hidden": "true", style: { "--value": Math.max(0.02, Math.min(1, aspect.similarity)) } }),
    h("span", { class: "unseen" }, ` ${aspect.likeness} ${decimal(aspect.similarity)}`))));
}

/** The same in words, with the tempo. */
export function reason(why) {
  const tempo = why.tempo ? `${Math.round(why.tempo)} bpm` : "";
  return h("span", { class: "row-why quiet" }, [why.summary, tempo].filter(Boolean).join(" · "));
}
