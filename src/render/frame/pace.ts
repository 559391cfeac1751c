import type { DrawnPass, waitingMs } from "./waiting.js";

/**
 * How much of a picture to draw at once, so that a page stays fluid on any adapter: a pure plan from the
 * number of samples a picture takes and the speed measured so far. A fast device draws all in one pass and
 * never sees the rest.
 */
export interface FramePlan {
  /** What to show first where the full picture takes too long: a smaller picture with a longer step. */
  readonly draft?: { readonly scale: number; readonly stepFactor: number };
  /** Bands that the full picture is drawn in, top to bottom. */
  readonly bands: number;
}

/** Samples a millisecond. */
export type Speed = number;

/** What is known of a device from the passes that it drew. */
export interface Pace {
  readonly speed: Speed;
  /**
   * What each frame takes whatever is drawn in it: it makes no device slow, for a smaller picture takes it
   * too.
   */
  readonly waitingMs: number;
  /** The last ones. */
  readonly passes: readonly DrawnPass[];
}

/** Full pictures under it need no draft: one frame of a slow display. */
const FLUID_MS = 33;
/** Passes that are remembered. */
const PASSES_KEPT = 8;
/**
 * A draft may take this long; and a band, which is also far under every browser's limit on GPU work
 * (seconds).
 */
const DRAFT_MS = 120;
const BAND_MS = 200;
/** Longer steps cost less of the picture than fewer pixels, up to about the voxel's size. */
const DRAFT_STEP_FACTOR = 2;
/**
 * Of the waiting that was seen, as it is taken off: a tenth stays, so that a mistake about it makes no pass
 * ten times too long.
 */
const TRUSTED = 0.9;
/** How much faster than thought a device may be found once waiting is taken off. */
const MOST_GROWTH = 4;
/** Few steps, so that textures are not made anew at each measurement. */
const draftScales = [1, 1 / 2, 1 / 3, 1 / 4];

/** A guess before anything was measured: SwiftShader on two cores, and a small integrated GPU. */
export function firstSpeed(software: boolean): Speed {
  return software ? 5e4 : 5e6;
}

export function planFrame(samples: number, speed: Speed): FramePlan {
  const bands = Math.max(1, Math.ceil(samples / speed / BAND_MS));
  if (samples <= speed * FLUID_MS) return { bands };
  const fits = (scale: number) => (samples * scale * scale) / DRAFT_STEP_FACTOR <= speed * DRAFT_MS;
  const scale = draftScales.find(fits) ?? draftScales[draftScales.length - 1];
  return { draft: { scale, stepFactor: DRAFT_STEP_FACTOR }, bands };
}

/**
 * Rows of a picture that the next band may have: planned anew for each, so that a speed that was measured
 * while the device was busy costs one short band.
 */
export function bandRows(samplesARow: number, speed: Speed): number {
  return Math.max(1, Math.floor((speed * BAND_MS) / samplesARow));
}

/** Before anything was measured. */
export function firstPace(software: boolean): Pace {
  return { speed: firstSpeed(software), waitingMs: 0, passes: [] };
}

/**
 * The pace after a pass of `samples` took `ms`, of which a part may be waiting: `waitingOf` tells, once it is
 * loaded.
 */
export function measuredPace(pace: Pace, samples: number, ms: number, waitingOf?: typeof waitingMs): Pace {
  const passes = [...pace.passes, { samples, ms }].slice(-PASSES_KEPT);
  const waiting = waitingOf?.(passes, pace.waitingMs) ?? 0;
  // What seems much faster without the waiting is believed to be so step by step.
  const workMs = Math.max(ms - TRUSTED * waiting, Math.min(ms, samples / (MOST_GROWTH * pace.speed)));
  return { speed: measuredSpeed(pace.speed, samples, workMs), waitingMs: waiting, passes };
}

/**
 * The speed after a pass of `samples` worked for `ms`. Short passes are mostly waiting, so they only ever
 * prove a device faster; halfway to the new figure, so that one hiccup does not count for much.
 */
export function measuredSpeed(speed: Speed, samples: number, ms: number): Speed {
  const measured = samples / Math.max(ms, 1);
  const telling = ms >= FLUID_MS || measured > speed;
  return telling ? (speed + measured) / 2 : speed;
}
