import type { Control } from "../../core/control.js";
import { HounsfieldError } from "../../core/errors.js";
import { checkOptions, type Rule } from "../../core/options.js";
import { anything, controlRules, number, required } from "../../core/rules.js";
import { textureUsage } from "../../engine/gpu/constants.js";
import type { GpuEngine } from "../../engine/gpu/gpu_engine.js";
import { checkVolume } from "../../volume/check_argument.js";
import { checkInputs } from "../../volume/check_inputs.js";
import type { CtVolume } from "../../volume/ct_volume.js";
import { fileWindow } from "../../volume/file_window.js";
import { bandsOf } from "../frame/bands.js";
import { firstSpeed, planFrame } from "../frame/pace.js";
import { type RenderTarget, targetKind } from "../frame/render_target.js";
import type { PresentTarget } from "../frame/window_pass.js";
import { drawMpr } from "../mpr/draw_mpr.js";
import { rayCast } from "../rays/ray_cast.js";
import { createRayPasses, type RayPasses } from "../rays/ray_passes.js";
import { restStepMm, sampleCount } from "../rays/rays.js";
import { initialState } from "../state/initial_state.js";
import { changeState, type RayProjection, type ViewChange, type ViewState } from "../state/view_state.js";
import { createDisplayTexture, type DisplayTexture } from "../texture/display_texture.js";
import { createLabelTexture, type LabelTexture, type Masks } from "../texture/label_texture.js";
import { checkMasks } from "./check_given.js";

/** Options of renderToPixels: the picture's size in pixels, and what to share among pictures. */
export interface RenderOptions extends Control {
  readonly width: number;
  readonly height: number;
  /** Of this volume, to share among pictures; made and dropped by the call where it is not given. */
  readonly display?: DisplayTexture;
  /** What the state's overlays name: masks on the volume's grid and engine, eight at most. */
  readonly masks?: Masks;
}

/**
 * A view's picture without a canvas, in full quality: RGBA, a byte each, top row first. The same state gives
 * the same picture in Node and in a browser within one gray level. Display only: not for measuring. A volume
 * too large for the device is drawn coarser: make its `display` by `createDisplayTexture` to be told, by
 * `display.downsampling`. Where no window is given it is the files' own, or that of `usualWindow` where
 * values are in other units than HU. Progress counts bands of a picture by rays, stage "draw"; one band where
 * the device is fast.
 * @throws HounsfieldError `invalid-option`, `wrong-grid`, `wrong-engine`, `destroyed`, `limit-exceeded`,
 * `out-of-memory`, `device-lost`
 */
export async function renderToPixels(
  volume: CtVolume,
  change: ViewChange,
  options: RenderOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  checkVolume("renderToPixels", volume);
  checkOptions("renderToPixels", options, {
    width: required(number),
    height: required(number),
    display: isDisplay,
    masks: anything,
    ...controlRules,
  });
  checkMasks("renderToPixels", options.masks);
  const own = fileWindow(volume);
  const started = initialState(volume.grid, change, own);
  const state =
    change.window === undefined && !own && volume.values.units !== "HU"
      ? changeState(started, { window: await (await import("./usual_window.js")).usualWindow(volume) })
      : started;
  const given = options.display;
  checkInputs(given ? { volume, display: { engine: given.engine, grid: given.volumeGrid } } : { volume });
  const display = given ?? (await createDisplayTexture(volume));
  let labels: LabelTexture | undefined;
  try {
    checkSize(display.engine, options);
    const { masks } = options;
    if (masks && state.overlays.length + state.cut.length > 0)
      labels = await createLabelTexture(display.engine, volume.grid, masks, display.grid);
    return await renderDisplay(display, state, options, labels);
  } finally {
    labels?.destroy();
    if (!given) display.destroy();
  }
}

const isDisplay: Rule = (display) =>
  typeof display === "object" && display !== null && "texture" in display && "engine" in display
    ? undefined
    : "what createDisplayTexture gives";

function checkSize({ device }: GpuEngine, { width, height }: RenderOptions): void {
  const most = device.limits.maxTextureDimension2D;
  if ([width, height].every((count) => Number.isInteger(count) && count >= 1 && count <= most)) return;
  throw new HounsfieldError(
    "invalid-option",
    `picture size: got ${width} x ${height}, accepted whole numbers of 1..${most}`,
    { got: [width, height], accepted: most },
  );
}

async function renderDisplay(
  display: DisplayTexture,
  state: ViewState,
  options: RenderOptions,
  labels?: LabelTexture,
): Promise<Uint8Array<ArrayBuffer>> {
  const { width, height, signal } = options;
  signal?.throwIfAborted();
  const { device } = display.engine;
  const target = device.createTexture({
    label: "picture",
    size: [width, height],
    format: "rgba8unorm",
    usage: textureUsage.renderAttachment | textureUsage.copySource,
  });
  try {
    const present = { texture: target, widthPx: width, heightPx: height };
    if (state.projection === "mpr") await drawMpr(display, state, "rgba8unorm", present, labels);
    else await drawRays(display, state, state.projection, present, options, labels);
    return await readPixels(display.engine, target, width, height);
  } finally {
    target.destroy();
  }
}

async function drawRays(
  display: DisplayTexture,
  state: ViewState,
  projection: RayProjection,
  target: PresentTarget,
  control: Control,
  labels?: LabelTexture,
): Promise<void> {
  const { widthPx, heightPx } = target;
  const passes = createRayPasses(display, "rgba8unorm");
  const picture = passes.createRenderTarget(targetKind(projection), widthPx, heightPx);
  try {
    await projectAll(display, passes, projection, state, picture, control, labels);
    passes.present(state, labels, [{ picture, band: { top: 0, bottom: heightPx } }], target);
  } finally {
    picture.destroy();
    passes.destroy();
  }
}

async function projectAll(
  { engine, grid }: DisplayTexture,
  passes: RayPasses,
  projection: RayProjection,
  state: ViewState,
  picture: RenderTarget,
  { signal, onProgress }: Control,
  labels?: LabelTexture,
): Promise<void> {
  const { widthPx, heightPx } = picture;
  const stepMm = restStepMm(grid);
  const cast = rayCast(grid, projection, state, labels, widthPx, heightPx, stepMm);
  const samples = sampleCount(grid, state.camera, widthPx, heightPx, stepMm);
  await passes.prepare(cast);
  const { bands } = planFrame(samples, firstSpeed(engine.adapter.software));
  const all = bandsOf(heightPx, bands);
  onProgress?.({ stage: "draw", done: 0, total: all.length });
  for (const [i, band] of all.entries()) {
    signal?.throwIfAborted();
    passes.project(cast, picture, band);
    await engine.idle();
    onProgress?.({ stage: "draw", done: i + 1, total: all.length });
  }
}

async function readPixels(
  engine: GpuEngine,
  texture: GPUTexture,
  width: number,
  height: number,
): Promise<Uint8Array<ArrayBuffer>> {
  // Rows of a texture copy start on multiples of 256 bytes (WebGPU 22.5.3).
  const bytesPerRow = Math.ceil((width * 4) / 256) * 256;
  const bytes = bytesPerRow * height;
  const padded = await engine.allocate("picture rows", bytes, "unwritten", bytes);
  try {
    const encoder = engine.device.createCommandEncoder();
    const buffer = engine.gpuBuffer(padded);
    encoder.copyTextureToBuffer({ texture }, { buffer, bytesPerRow }, [width, height]);
    engine.device.queue.submit([encoder.finish()]);
    const rows = new Uint8Array(await engine.read(padded, 0, bytes));
    const pixels = new Uint8Array(width * height * 4);
    for (let y = 0; y < height; y++) {
      pixels.set(rows.subarray(y * bytesPerRow, y * bytesPerRow + width * 4), y * width * 4);
    }
    return pixels;
  } finally {
    padded.destroy();
  }
}
