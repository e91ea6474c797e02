// What plays, and what comes: a list, or an endless queue that follows what the listener likes and skips.

import { get, post, remove } from "./api.js";
import { attempt, tell } from "./notice.js";
import { player } from "./player.js";

const ahead = 6;

/** Tells "change". */
class Queue extends EventTarget {
  /** {song, similarity, why, chosen}: chosen by hand, and so not exchanged when the queue learns. */
  items = [];
  at = -1;
  /** Where the songs come from, in words. */
  label = "";
  /** {id, seeds, options} of an endless queue, or undefined. */
  radio = undefined;
  /** What the listener thinks of songs: "liked" or "disliked", and the number of that event. */
  opinions = new Map();
  #filling;
  #failures = 0;
  #generation = 0;

  constructor() {
    super();
    player.upNext = () => this.items[this.at + 1]?.song;
    player.addEventListener("ended", (event) => this.#ended(event.detail));
    player.addEventListener("failed", (event) => this.#failed(event.detail));
    player.addEventListener("time", () => { if (player.position > 3) this.#failures = 0; });
  }

  get song() { return this.items[this.at]?.song; }
  get coming() { return this.items.slice(this.at + 1); }

  /** Plays a list from one of its songs on. */
  play(songs, index = 0, label = "") {
    this.#leave();
    this.#generation += 1;
    this.items = songs.map((song) => ({ song, chosen: true }));
    Object.assign(this, { at: index, label, radio: undefined });
    this.#begin();
  }

  /** Begins an endless queue from seeds. If a song is given, it is heard first. */
  async endless(seeds, label, { first, options = {} } = {}) {
    const answer = await post("queues", { ...options, like: seeds, count: ahead });
    const songs = answer.songs.filter((item) => item.song.id !== first?.id);
    if (!first && songs.length === 0) {
      tell("Nothing is left to play with these filters.", { bad: true });
      return;
    }
    this.#leave();
    this.#generation += 1;
    this.items = [...(first ? [{ song: first, chosen: true }] : []), ...songs];
    Object.assign(this, { at: 0, label, radio: { id: answer.id, seeds, options } });
    this.#begin();
  }

  /** Goes on without an end from the song that plays. */
  async extend() {
    const { song } = this;
    if (!song) return;
    const seeds = [{ song: song.id }];
    const answer = await post("queues", { like: seeds, exclude: this.items.map((item) => item.song.id), count: ahead });
    this.radio = { id: answer.id, seeds, options: {} };
    this.label = `Endless, from ${song.title}`;
    this.items.push(...answer.songs);
    this.#changed();
  }

  add(songs, { next = false } = {}) {
    const items = songs.map((song) => ({ song, chosen: true }));
    if (this.at < 0) return this.play(songs);
    // By hand comes before what the queue found by itself.
    let place = this.at + 1;
    if (!next) while (this.items[place]?.chosen) place += 1;
    this.items.splice(place, 0, ...items);
    tell(songs.length === 1 ? `“${songs[0].title}” is in the queue.` : `${songs.length} songs are in the queue.`);
    return this.#changed();
  }

  take(index) {
    this.items.splice(index, 1);
    if (index < this.at) this.at -= 1;
    this.#changed();
    this.#fill();
  }

  move(index, by) {
    const to = index + by;
    if (to <= this.at || to >= this.items.length) return;
    const [item] = this.items.splice(index, 1);
    this.items.splice(to, 0, { ...item, chosen: true });
    this.#changed();
  }

  clear() {
    this.items.length = this.at + 1;
    this.radio = undefined;
    this.#changed();
  }

  jump(index) {
    this.#leave();
    this.at = index;
    this.#begin();
  }

  next() {
    this.#leave();
    return this.#advance();
  }

  previous() {
    if (player.position > 4 || this.at <= 0) player.seek(0);
    else this.jump(this.at - 1);
  }

  /** More or less like a song; the same again takes it back. */
  async judge(song, kind) {
    const before = this.opinions.get(song.id);
    if (before?.event) await remove(["events", before.event]).catch(() => {});
    if (before?.kind === kind) {
      this.opinions.delete(song.id);
    } else {
      this.opinions.set(song.id, { kind });
      this.#changed();
      this.opinions.set(song.id, { kind, event: await this.#note(kind, song) });
      this.#keepOpinions();
      if (kind === "disliked" && song.id === this.song?.id) await this.#advance();
      if (this.radio) await this.#learn();
    }
    this.#keepOpinions();
    this.#changed();
  }

  opinion(song) { return this.opinions.get(song?.id)?.kind; }

  /** What the queue found before it learned makes room for what it finds now. */
  async #learn() {
    const { radio } = this;
    const answer = await this.#ask(radio, ahead);
    if (this.radio !== radio) return;
    this.items = this.items.filter((item, index) => index <= this.at || item.chosen);
    this.items.push(...this.#fresh(answer));
  }

  async #ask(radio, count) {
    try {
      return await post(["queues", radio.id, "next"], undefined, { parameters: { count } });
    } catch (error) {
      if (error.status !== 404) throw error;
      const answer = await post("queues", { ...radio.options, like: radio.seeds, exclude: this.items.map((item) => item.song.id), count });
      radio.id = answer.id;
      return answer;
    }
  }

  #fresh(answer) {
    const coming = new Set(this.items.slice(Math.max(0, this.at)).map((item) => item.song.id));
    return answer.songs.filter((item) => !coming.has(item.song.id));
  }

  /** Sees to it that an endless queue has songs. */
  #fill() {
    const { radio } = this;
    if (!radio || this.#filling || this.coming.length >= ahead) return;
    this.#filling = attempt(async () => {
      const answer = await this.#ask(radio, ahead - this.coming.length);
      if (this.radio !== radio) return;
      this.items.push(...this.#fresh(answer));
      if (this.items.length > 400) { this.items.splice(0, 200); this.at -= 200; }
      this.#changed();
    }).finally(() => { this.#filling = undefined; });
  }

  #begin() {
    const { song } = this;
    if (!song) return;
    player.play(song);
    this.#changed();
    this.#fill();
  }

  async #advance() {
    if (this.at + 1 >= this.items.length) await this.#filling;
    if (this.at + 1 < this.items.length) {
      this.at += 1;
      this.#begin();
    } else {
      player.pause();
      this.#changed();
    }
  }

  #ended(song) {
    attempt(() => this.#note("played", song));
    this.#advance();
  }

  /** Tells what became of the song that is left: half of it, or four minutes, count as heard. */
  #leave() {
    const { song } = this;
    if (!song || player.song?.id !== song.id || player.position < 1) return;
    const heard = player.position > Math.min(240, player.duration / 2);
    attempt(() => this.#note(heard ? "played" : "skipped", song));
  }

  async #note(kind, song) {
    const body = { kind, song: song.id };
    if (this.radio) {
      try {
        return (await post(["queues", this.radio.id, "events"], body)).id;
      } catch (error) {
        if (error.status !== 404) throw error;
      }
    }
    return (await post("events", body)).id;
  }

  #failed({ song, reason }) {
    if (song.id !== this.song?.id) return;
    tell(`“${song.title}” cannot be played. ${reason}`, { bad: true });
    this.#failures += 1;
    if (this.#failures < 3 && this.at + 1 < this.items.length) {
      this.at += 1;
      this.#begin();
    }
  }

  #changed() {
    this.dispatchEvent(new Event("change"));
    this.#keep();
  }

  // MARK: Between visits

  #keepOpinions() { localStorage.setItem("akin.opinions", JSON.stringify([...this.opinions].slice(-2000))); }

  #keep() {
    const from = Math.max(0, this.at - 3);
    const items = this.items.slice(from, from + 24).map(({ song, similarity, chosen }) => ({ id: song.id, title: song.title, similarity, chosen }));
    localStorage.setItem("akin.queue", JSON.stringify({ items, at: this.at - from, label: this.label, radio: this.radio }));
  }

  /** Takes up what played when the page was left; songs that are gone by now are left out. */
  async restore() {
    let kept;
    try {
      this.opinions = new Map(JSON.parse(localStorage.getItem("akin.opinions") ?? "[]"));
      kept = JSON.parse(localStorage.getItem("akin.queue"));
    } catch {
      return; // Written by another version: begin anew.
    }
    if (!kept?.items?.length) return;
    const generation = this.#generation;
    const found = await Promise.all(kept.items.map(async (item) => {
      try {
        const { song } = await get(["songs", item.id]);
        return song.title === item.title ? { ...item, song } : undefined;
      } catch {
        return undefined;
      }
    }));
    if (generation !== this.#generation) return;
    const current = found[kept.at];
    this.items = found.filter(Boolean);
    this.at = Math.max(0, this.items.indexOf(current));
    Object.assign(this, { label: kept.label, radio: kept.radio });
    if (this.song) player.prepare(this.song);
    this.#changed();
  }
}

export const queue = new Queue();
