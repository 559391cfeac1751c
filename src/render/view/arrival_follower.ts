import type { SliceArrivals } from "../../volume/slice_arrivals.js";
import type { DisplayTexture } from "../texture/display_texture.js";
import { ArrivalPlan } from "./arrival_plan.js";

/**
 * If the coarse pass takes longer than this, show missing slices as air. Not while the GPU is still copying
 * slices: extra frames would slow it down.
 */
const PATIENCE_MS = 250;

export interface ArrivalHooks {
  /** The display texture holds something new. */
  onUpdate(): void;
  /** It holds all, and no more will come. */
  onDone(): void;
  onError(error: unknown): void;
}

/**
 * Takes slices over into a display texture as they arrive, each in place of its neighbors until they do;
 * those that are there already too, where the texture is `empty`. Says nothing of it before the texture is
 * covered: by slices, or after a quarter of a second by air.
 */
export class ArrivalFollower {
  readonly #display: DisplayTexture;
  readonly #arrival: SliceArrivals;
  readonly #hooks: ArrivalHooks;
  readonly #plan: ArrivalPlan;
  readonly #unsubscribe: () => void;
  #state: "waiting" | "copying" | "stopped" = "waiting";
  #isCovered: boolean;
  /** Patience runs out once, with the first slices. */
  #patience: "full" | "running" | "out" = "full";
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(display: DisplayTexture, arrival: SliceArrivals, empty: boolean, hooks: ArrivalHooks) {
    this.#display = display;
    this.#arrival = arrival;
    this.#hooks = hooks;
    this.#plan = new ArrivalPlan(display.slices, empty);
    this.#isCovered = !empty;
    this.#unsubscribe = arrival.on((event) => {
      if (event.kind === "failed") hooks.onError(event.error);
      if (event.kind === "slice") this.#plan.take(event.z);
      if (event.kind === "slice" || event.kind === "complete") this.#follow();
    });
    if (!empty) return;
    const there = Array.from({ length: display.slices }, (_, z) => z).filter((z) => arrival.has(z));
    for (const z of there) this.#plan.take(z);
    if (there.length > 0 || arrival.complete) this.#follow();
  }

  /** Slices are being taken over: `onUpdate` follows. */
  get busy(): boolean {
    return this.#state === "copying";
  }

  /** Idempotent. */
  stop(): void {
    this.#state = "stopped";
    clearTimeout(this.#timer);
    this.#unsubscribe();
  }

  get #isStopped(): boolean {
    return this.#state === "stopped";
  }

  /**
   * Slices that come while others are being taken over wait together: a fast loader is followed in few steps.
   */
  async #follow(): Promise<void> {
    if (this.#state !== "waiting") return;
    this.#state = "copying";
    this.#startPatience();
    try {
      for (
        let runs = this.#plan.nextRuns();
        runs.length > 0 && !this.#isStopped;
        runs = this.#plan.nextRuns()
      ) {
        await Promise.all(runs.map((run) => this.#display.update(...run)));
        this.#isCovered ||= this.#plan.isCovered;
        if (this.#isCovered && !this.#isStopped) this.#hooks.onUpdate();
      }
      this.#copied();
      if (this.#patience === "out") this.#cover();
    } catch (error) {
      if (!this.#isStopped) this.#hooks.onError(error);
    }
    if (this.#isStopped) return;
    this.#copied();
    if (this.#arrival.complete) this.#hooks.onDone();
  }

  #copied(): void {
    if (!this.#isStopped) this.#state = "waiting";
  }

  #startPatience(): void {
    if (this.#patience !== "full") return;
    this.#patience = "running";
    this.#timer = setTimeout(() => {
      this.#patience = "out";
      this.#cover();
    }, PATIENCE_MS);
  }

  /** With air, where nothing has come yet. */
  #cover(): void {
    if (this.#isCovered || this.#state !== "waiting") return;
    for (const z of this.#plan.blankPlaces()) this.#display.clear(z, z + 1);
    this.#isCovered = true;
    this.#hooks.onUpdate();
  }
}
