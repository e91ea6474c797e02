// Some seconds from the middle of a song, beside the queue, which waits meanwhile.

import { Deck, player } from "./player.js";

const length = 20;

/** Tells "change" (which song is heard, or none), "time", and "ended" with the song. */
export class Excerpt extends EventTarget {
  #deck = new Deck(this);
  #from = 0;

  get song() { return this.#deck.song; }
  /** How much of it was heard, of 1. */
  get share() { return this.song ? Math.min(1, Math.max(0, this.#deck.position - this.#from) / length) : 0; }

  play(song) {
    player.pause();
    this.#from = Math.max(0, ((song.duration ?? 0) - length) / 2);
    this.#deck.load(song, this.#from);
    this.#deck.audio.volume = player.volume;
    this.#deck.audio.play().catch(() => this.stop());
    this.dispatchEvent(new Event("change"));
  }

  stop() {
    if (!this.song) return;
    this.#deck.audio.pause();
    this.#deck.unload();
    this.dispatchEvent(new Event("change"));
  }

  /** What its element tells. */
  heard(kind) {
    const { song } = this;
    if (!song) return;
    if (kind === "ended" || this.share === 1) {
      this.stop();
      this.dispatchEvent(new CustomEvent("ended", { detail: song }));
    } else if (kind === "timeupdate") {
      this.dispatchEvent(new Event("time"));
    }
  }
}
