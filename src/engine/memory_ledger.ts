/** Knows every byte an engine holds, by label. */
export class MemoryLedger {
  readonly #byLabel = new Map<string, number>();
  #bytes = 0;
  #peakBytes = 0;

  /** Held now. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The most that was held at a time. */
  get peakBytes(): number {
    return this.#peakBytes;
  }

  /** The peak begins anew at what is held now, for who measures one operation after another. */
  restartPeak(): void {
    this.#peakBytes = this.#bytes;
  }

  /**
   * @internal Notes an allocation and gives back the call that notes its end, which may be made more than
   * once.
   */
  take(label: string, bytes: number): () => void {
    this.#add(label, bytes);
    let held = true;
    return () => {
      if (held) this.#add(label, -bytes);
      held = false;
    };
  }

  /** Bytes held by label, labels that hold none left out. */
  snapshot(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#byLabel);
  }

  #add(label: string, bytes: number): void {
    const held = (this.#byLabel.get(label) ?? 0) + bytes;
    if (held === 0) this.#byLabel.delete(label);
    else this.#byLabel.set(label, held);
    this.#bytes += bytes;
    this.#peakBytes = Math.max(this.#peakBytes, this.#bytes);
  }
}
