/**
 * "slice": slice z of the record holds its values. "complete": all hold their own values now. "reset": none
 * does, the record is being filled again. "failed": it will not be whole.
 */
export type ArrivalEvent =
  | { readonly kind: "slice"; readonly z: number }
  | { readonly kind: "complete" | "reset" }
  | { readonly kind: "failed"; readonly error: unknown };

/** How far the filling of a volume is, for those who show it meanwhile. The loader tells, views listen. */
export class SliceArrivals {
  readonly #loaded: Uint8Array;
  readonly #listeners = new Set<(event: ArrivalEvent) => void>();
  readonly #stop = new AbortController();
  #complete = false;
  #error: unknown;

  /**
   * `isZeroed`: slices hold zeros until their own values come, and may be read so: of a volume that is
   * written by hand, or on the device behind the library's back.
   */
  constructor(
    slices: number,
    readonly isZeroed = false,
  ) {
    this.#loaded = new Uint8Array(slices);
  }

  /** Whether every slice holds its own values. */
  get complete(): boolean {
    return this.#complete;
  }

  /** Why the volume will not be whole, where that is so. */
  get error(): unknown {
    return this.#error;
  }

  /** Aborted when the volume is destroyed. */
  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  /** Whether slice z holds its own values. */
  has(z: number): boolean {
    return this.#loaded[z] === 1;
  }

  /** Calls `listener` with what happens from now on, until the call it gives is made. */
  on(listener: (event: ArrivalEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  arrived(z: number): void {
    this.#loaded[z] = 1;
    this.#tell({ kind: "slice", z });
  }

  finish(): void {
    this.#loaded.fill(1);
    this.#complete = true;
    this.#tell({ kind: "complete" });
  }

  reset(): void {
    this.#loaded.fill(0);
    this.#complete = false;
    this.#tell({ kind: "reset" });
  }

  fail(error: unknown): void {
    this.#error = error;
    this.#tell({ kind: "failed", error });
  }

  /** The volume is destroyed: its filling ends, and nobody is told of anything any more. */
  stop(): void {
    this.#listeners.clear();
    this.#stop.abort(new DOMException("the volume was destroyed", "AbortError"));
  }

  #tell(event: ArrivalEvent): void {
    for (const listener of [...this.#listeners]) listener(event);
  }
}
