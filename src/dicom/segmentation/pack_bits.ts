/**
 * Frames of one bit a pixel, lowest bit first, one after the other across the borders of bytes (PS3.5 8.1.1,
 * annex D.2).
 */
export class BitFrames {
  readonly #bytes: Uint8Array<ArrayBuffer>;
  #at = 0;

  constructor(frames: number, pixels: number) {
    // Of an even length (PS3.5 8.1).
    this.#bytes = new Uint8Array(2 * Math.ceil((frames * pixels) / 16));
  }

  /** Adds pixels [from, to) of `labels`, set where they are `label`. */
  add(labels: ArrayLike<number>, from: number, to: number, label: number): void {
    for (let i = from; i < to; i++, this.#at++)
      if (labels[i] === label) this.#bytes[this.#at >> 3] |= 1 << (this.#at & 7);
  }

  get bytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes;
  }
}
