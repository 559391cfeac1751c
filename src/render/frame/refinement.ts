import type { GpuEngine } from "../../engine/gpu/gpu_engine.js";
import type { Frame } from "./frame_renderer.js";
import { bandRows, firstPace, measuredPace, type Pace, planFrame } from "./pace.js";
import { type Band, createRenderTarget, type RenderTarget, type TargetKind } from "./render_target.js";
import type { Layer } from "./window_pass.js";

/** What a picture of some size is drawn by, and the samples that it takes. */
export interface Rendition<C> {
  readonly cast: C;
  readonly samples: number;
}

/** A picture to be drawn. */
interface Unit<C> {
  readonly picture: RenderTarget;
  readonly cast: C;
  readonly samplesARow: number;
}

/**
 * A picture that is rough at once where the device is slow, and then refined band by band; `draw` encodes the
 * rows of a band.
 */
export function createRefinement<C>(
  engine: GpuEngine,
  draw: (cast: C, picture: RenderTarget, band: Band, encoder: GPUCommandEncoder) => void,
) {
  let pace: Pace = firstPace(engine.adapter.software);
  let draft: RenderTarget | undefined;
  let full: RenderTarget | undefined;
  /** Loaded with the first draft: fast devices never need it. */
  let waitingOf: typeof import("./waiting.js")["waitingMs"] | undefined;
  let asked = false;
  const ask = () => {
    asked = true;
    // Without it the device counts as slow.
    import("./waiting.js").then((loaded) => (waitingOf = loaded.waitingMs)).catch(() => {});
  };
  let rowsDone = 0;
  /** There is a rough picture to be seen below the bands that are done. */
  let banded = false;
  /** What is to be drawn yet: of the rough picture all, of the full one the rows from `rowsDone` on. */
  let rough: Unit<C> | undefined;
  let rest: Unit<C> | undefined;

  /** The picture itself where it has the kind and size already, else a new one in its place. */
  const sized = (picture: RenderTarget | undefined, kind: TargetKind, width: number, height: number) => {
    if (picture?.kind === kind && picture.widthPx === width && picture.heightPx === height) return picture;
    picture?.destroy();
    return createRenderTarget(engine, kind, width, height);
  };
  const unitOf = (picture: RenderTarget, { cast, samples }: Rendition<C>): Unit<C> => ({
    picture,
    cast,
    samplesARow: samples / picture.heightPx,
  });
  /** The next piece of work, taken off what is to be done. */
  const next = (): { unit: Unit<C>; band: Band } | undefined => {
    if (rough) {
      const unit = rough;
      rough = undefined;
      return { unit, band: { top: 0, bottom: unit.picture.heightPx } };
    }
    if (!rest) return undefined;
    const unit = rest;
    const { heightPx } = unit.picture;
    const top = rowsDone;
    const rows = banded ? bandRows(unit.samplesARow, pace.speed) : heightPx;
    rowsDone = Math.min(heightPx, top + rows);
    if (rowsDone === heightPx) rest = undefined;
    return { unit, band: { top, bottom: rowsDone } };
  };

  return {
    /**
     * Restarts refinement without drawing. Calls `renditionOf` for the full-resolution picture and, unless
     * the previous draft can be reused, for a draft with longer ray steps.
     */
    begin(
      kind: TargetKind,
      width: number,
      height: number,
      renditionOf: (width: number, height: number, stepFactor: number) => Rendition<C>,
      roughMayStay: boolean,
    ): void {
      rowsDone = 0;
      const roughIsDone = draft?.kind === kind && !rough;
      const whole = renditionOf(width, height, 1);
      full = sized(full, kind, width, height);
      rest = unitOf(full, whole);
      rough = undefined;
      banded = roughMayStay && roughIsDone;
      if (banded) return;
      const plan = planFrame(whole.samples, pace.speed).draft;
      if (!plan) return;
      if (!asked) ask();
      const [w, h] = [width, height].map((count) => Math.ceil(count * plan.scale));
      const rougher = renditionOf(w, h, plan.stepFactor);
      // A thin cut has no steps to be longer.
      if (rougher.samples >= whole.samples) return;
      draft = sized(draft, kind, w, h);
      rough = unitOf(draft, rougher);
      banded = true;
    },
    get finished() {
      return !rough && !rest;
    },
    /** Encodes the next piece of work, and measures how long its frame takes. */
    advance({ encoder, done }: Frame): void {
      const work = next();
      if (!work) return;
      const { unit, band } = work;
      const started = performance.now();
      draw(unit.cast, unit.picture, band, encoder);
      const measure = () => {
        const samples = unit.samplesARow * (band.bottom - band.top);
        pace = measuredPace(pace, samples, performance.now() - started, waitingOf);
      };
      // Whoever submits the frame is told why it failed.
      done.then(measure, () => {});
    },
    /** What there is to show, after the first `advance`. */
    layers(): Layer[] {
      if (!full) return [];
      const done: Layer = { picture: full, band: { top: 0, bottom: rowsDone } };
      const below = { top: rowsDone, bottom: full.heightPx };
      return draft && rowsDone < full.heightPx ? [done, { picture: draft, band: below }] : [done];
    },
    destroy() {
      draft?.destroy();
      full?.destroy();
      draft = full = undefined;
      rough = rest = undefined;
    },
  };
}
