type Growable = Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>;

/** A typed array that grows by doubling. */
export class GrowingArray<A extends Growable> {
  #values: A;
  #length = 0;

  constructor(readonly make: new (length: number) => A) {
    this.#values = new make(1 << 16);
  }

  /** Makes room for so many more. */
  reserve(count: number): void {
    if (this.#length + count <= this.#values.length) return;
    const grown = new this.make(Math.max(2 * this.#values.length, this.#length + count));
    grown.set(this.#values);
    this.#values = grown;
  }

  /** There must be room. */
  push(value: number): void {
    this.#values[this.#length++] = value;
  }

  /** All that was pushed, in memory of its own size. */
  take(): A {
    const taken = new this.make(this.#length);
    taken.set(this.#values.subarray(0, this.#length));
    return taken;
  }
}
