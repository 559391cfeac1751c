/** Entropy-coded bits, most significant first, with a zero byte stuffed after each FF (T.81 B.1.1.5). */
export class JpegBitWriter {
  #held = 0;
  #heldBits = 0;
  #at: number;

  /** Writes into `out` from `start`; the caller has made it long enough. */
  constructor(
    readonly out: Uint8Array,
    start: number,
  ) {
    this.#at = start;
  }

  /** Offset of the next byte. */
  get position(): number {
    return this.#at;
  }

  /**
   * Appends the low `count` bits of `value`; `count` is at most 16, so that 32-bit integers hold the rest
   * too.
   */
  put(value: number, count: number): void {
    this.#held = (this.#held << count) | (value & ((1 << count) - 1));
    this.#heldBits += count;
    while (this.#heldBits >= 8) {
      this.#heldBits -= 8;
      this.#putStuffed((this.#held >>> this.#heldBits) & 0xff);
    }
    this.#held &= (1 << this.#heldBits) - 1;
  }

  /** Fills the last byte with ones, as before every marker (T.81 F.1.2.3). */
  align(): void {
    if (this.#heldBits > 0) this.put(0xff, 8 - this.#heldBits);
  }

  /** Writes the marker FF `code`; call `align` first. */
  marker(code: number): void {
    this.out[this.#at++] = 0xff;
    this.out[this.#at++] = code;
  }

  #putStuffed(byte: number): void {
    this.out[this.#at++] = byte;
    if (byte === 0xff) this.out[this.#at++] = 0;
  }
}
