/**
 * How much of a picture to draw at once, so that a page stays fluid on any adapter: a pure plan from the number of samples
 * a picture takes and the speed measured so far. A fast device draws all in one pass and never sees the rest.
 */
export interface FramePlan {
  /** What to show first where the full picture takes too long: a smaller picture with a longer step. */
  readonly draft?: { readonly scale: number; readonly stepFactor: number };
  /** Bands that the full picture is drawn in, top to bottom. */
  readonly bands: number;
}

/** Samples a millisecond. */
export type Speed = number;

/** Full pictures under it need no draft: one frame of a slow display. */
const fluidMs = 33;
/** A draft may take this long; and a band, which is also far under every browser's limit on GPU work (seconds). */
const draftMs = 120;
const bandMs = 200;
/** Longer steps cost less of the picture than fewer pixels, up to about the voxel's size. */
const draftStepFactor = 2;
/** Few steps, so that textures are not made anew at each measurement. */
const draftScales = [1, 1 / 2, 1 / 3, 1 / 4];

/** A guess before anything was measured: SwiftShader on two cores, and a small integrated GPU. */
export function firstSpeed(software: boolean): Speed {
  return software ? 5e4 : 5e6;
}

export function planFrame(samples: number, speed: Speed): FramePlan {
  const bands = Math.max(1, Math.ceil(samples / speed / bandMs));
  if (samples <= speed * fluidMs) return { bands };
  const fits = (scale: number) => (samples * scale * scale) / draftStepFactor <= speed * draftMs;
  const scale = draftScales.find(fits) ?? draftScales[draftScales.length - 1];
  return { draft: { scale, stepFactor: draftStepFactor }, bands };
}

/** Rows of a picture that the next band may have: planned anew for each, so that a speed that was measured while the device was busy costs one short band. */
export function bandRows(samplesARow: number, speed: Speed): number {
  return Math.max(1, Math.floor((speed * bandMs) / samplesARow));
}

/**
 * The speed after a pass of `samples` took `ms`. Short passes are mostly waiting, so they only ever prove a device
 * faster; halfway to the new figure, so that one hiccup does not count for much.
 */
export function measuredSpeed(speed: Speed, samples: number, ms: number): Speed {
  const measured = samples / Math.max(ms, 1);
  const telling = ms >= fluidMs || measured > speed;
  return telling ? (speed + measured) / 2 : speed;
}
