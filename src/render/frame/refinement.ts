import type { GpuEngine } from "../../engine/gpu/gpu_engine.js";
import type { Frame } from "./frame_renderer.js";
import { bandRows, firstPace, measuredPace, type Pace, planFrame } from "./pace.js";
import { BANDS, DONE, nextBand, type RefinementStep, ROUGH, rowsDone, WHOLE } from "./refinement_step.js";
import { type Band, createRenderTarget, type RenderTarget, type TargetKind } from "./render_target.js";
import type { Layer } from "./window_pass.js";

/** What a picture of some size is drawn by, and the samples that it takes. */
export interface Rendition<C> {
  readonly cast: C;
  readonly samples: number;
}

/** A picture, and how it is drawn. */
interface Drawing<C> {
  readonly picture: RenderTarget;
  readonly cast: C;
  readonly samplesARow: number;
}

type Draw<C> = (cast: C, picture: RenderTarget, band: Band, encoder: GPUCommandEncoder) => void;

/**
 * A picture that is rough at once where the device is slow, and then refined band by band; `draw` encodes the
 * rows of a band.
 */
export class Refinement<C> {
  readonly #engine: GpuEngine;
  readonly #draw: Draw<C>;
  #pace: Pace;
  #step: RefinementStep = DONE;
  #rough: Drawing<C> | undefined;
  #full: Drawing<C> | undefined;
  /** Loaded with the first rough picture: fast devices need none. Without it a device counts as slow. */
  #waitingMs: Promise<void> | typeof import("./waiting.js")["waitingMs"] | undefined;

  constructor(engine: GpuEngine, draw: Draw<C>) {
    this.#engine = engine;
    this.#draw = draw;
    this.#pace = firstPace(engine.adapter.software);
  }

  /**
   * Restarts refinement without drawing. Calls `renditionOf` for the full-resolution picture and, unless the
   * rough picture of before can be reused, for one with longer ray steps.
   */
  begin(
    kind: TargetKind,
    width: number,
    height: number,
    renditionOf: (width: number, height: number, stepFactor: number) => Rendition<C>,
    roughMayStay: boolean,
  ): void {
    const stays = roughMayStay && this.#rough?.picture.kind === kind && this.#step.name !== "rough";
    const whole = renditionOf(width, height, 1);
    this.#full = this.#drawing(this.#full, kind, width, height, whole);
    this.#step = stays ? BANDS : WHOLE;
    const plan = stays ? undefined : planFrame(whole.samples, this.#pace.speed).draft;
    if (!plan) return;
    this.#loadWaiting();
    const [w, h] = [width, height].map((count) => Math.ceil(count * plan.scale));
    const rougher = renditionOf(w, h, plan.stepFactor);
    // A thin cut has no steps to be longer.
    if (rougher.samples >= whole.samples) return;
    this.#rough = this.#drawing(this.#rough, kind, w, h, rougher);
    this.#step = ROUGH;
  }

  get finished(): boolean {
    return this.#step.name === "done";
  }

  /** Encodes the next piece of work, and measures how long its frame takes. */
  advance({ encoder, done }: Frame): void {
    const drawing = this.#step.name === "rough" ? this.#rough : this.#full;
    if (!drawing || this.#step.name === "done") return;
    const { picture, cast, samplesARow } = drawing;
    const { band, next } = nextBand(this.#step, picture.heightPx, bandRows(samplesARow, this.#pace.speed));
    this.#step = next;
    const started = performance.now();
    this.#draw(cast, picture, band, encoder);
    const measure = () => {
      const waiting = typeof this.#waitingMs === "function" ? this.#waitingMs : undefined;
      const samples = samplesARow * (band.bottom - band.top);
      this.#pace = measuredPace(this.#pace, samples, performance.now() - started, waiting);
    };
    // Whoever submits the frame is told why it failed.
    done.then(measure, () => {});
  }

  /** What there is to show, after the first `advance`. */
  layers(): Layer[] {
    if (!this.#full) return [];
    const { picture } = this.#full;
    const rows = rowsDone(this.#step, picture.heightPx);
    const done: Layer = { picture, band: { top: 0, bottom: rows } };
    const below = { top: rows, bottom: picture.heightPx };
    return this.#rough && rows < picture.heightPx
      ? [done, { picture: this.#rough.picture, band: below }]
      : [done];
  }

  destroy(): void {
    this.#rough?.picture.destroy();
    this.#full?.picture.destroy();
    this.#rough = this.#full = undefined;
    this.#step = DONE;
  }

  /** In the picture itself where it has the kind and size already, else in a new one in its place. */
  #drawing(
    before: Drawing<C> | undefined,
    kind: TargetKind,
    width: number,
    height: number,
    { cast, samples }: Rendition<C>,
  ): Drawing<C> {
    const old = before?.picture;
    const fits = old?.kind === kind && old.widthPx === width && old.heightPx === height;
    if (!fits) old?.destroy();
    const picture = fits ? old : createRenderTarget(this.#engine, kind, width, height);
    return { picture, cast, samplesARow: samples / height };
  }

  #loadWaiting(): void {
    this.#waitingMs ??= import("./waiting.js").then(
      (loaded) => {
        this.#waitingMs = loaded.waitingMs;
      },
      () => {},
    );
  }
}
