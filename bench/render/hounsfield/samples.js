// How many samples of the volume a picture takes, counted by the shaders themselves: the same on every
// machine.
import { bandsOf } from "../../../src/render/frame/bands.ts";
import { targetKind } from "../../../src/render/frame/render_target.ts";
import { rayCast } from "../../../src/render/rays/ray_cast.ts";
import { createRayPasses } from "../../../src/render/rays/ray_passes.ts";
import { restStepMm } from "../../../src/render/rays/rays.ts";
import { initialState } from "../../../src/render/state/initial_state.ts";
import { createDisplayTexture } from "../../../src/render/texture/display_texture.ts";

const BAND_COUNT = 32;

/**
 * Millions: those that are taken, and those that a ray through all of the volume takes until it is opaque.
 * @param {import("hounsfield").CtVolume} volume
 * @param {import("hounsfield").ViewChange} change
 * @param {number} widthPx
 * @param {number} heightPx
 */
export async function samplesOf(volume, change, widthPx, heightPx) {
  const display = await createDisplayTexture(volume);
  const { engine, grid } = display;
  const state = initialState(grid, change);
  const { projection } = state;
  if (projection === "mpr") throw new Error("a cut has no rays");
  const counts = [];
  for (const skipping of [true, false]) {
    const passes = createRayPasses(display, "rgba8unorm", { skipping, counting: true });
    const picture = passes.createRenderTarget(targetKind(projection), widthPx, heightPx);
    const cast = rayCast(grid, projection, state, undefined, widthPx, heightPx, restStepMm(grid));
    await passes.prepare(cast);
    for (const band of bandsOf(heightPx, BAND_COUNT)) {
      passes.project(cast, picture, band);
      await engine.idle();
    }
    counts.push((await sumOf(engine.device, picture)) / 1e6);
    for (const part of [picture, passes]) part.destroy();
  }
  display.destroy();
  return { taken: counts[0], all: counts[1] };
}

/**
 * @param {GPUDevice} device
 * @param {import("../../../src/render/frame/render_target.ts").RenderTarget} picture
 */
async function sumOf(device, { kind, values, widthPx, heightPx }) {
  const bytesPerRow = Math.ceil((widthPx * (kind === "hu" ? 4 : 8)) / 256) * 256;
  const usage = GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ;
  const buffer = device.createBuffer({ size: bytesPerRow * heightPx, usage });
  const encoder = device.createCommandEncoder();
  encoder.copyTextureToBuffer({ texture: values }, { buffer, bytesPerRow }, [widthPx, heightPx]);
  device.queue.submit([encoder.finish()]);
  await buffer.mapAsync(GPUMapMode.READ);
  const bytes = buffer.getMappedRange().slice(0);
  buffer.destroy();
  let sum = 0;
  for (let y = 0; y < heightPx; y++) {
    // HU: samples + 4096 * steps; colors: samples, steps, gradients as halves.
    const row =
      kind === "hu"
        ? Array.from(new Float32Array(bytes, y * bytesPerRow, widthPx), (value) => value % 4096)
        : Array.from({ length: widthPx }, (_, x) =>
            wholeOfHalf(new Uint16Array(bytes, y * bytesPerRow, 4 * widthPx)[4 * x]),
          );
    for (const count of row) sum += count;
  }
  return sum;
}

/**
 * A whole number to 2048.
 * @param {number} bits of a half float
 */
function wholeOfHalf(bits) {
  const exponent = bits >> 10;
  return exponent === 0 ? 0 : 2 ** (exponent - 15) * (1 + (bits & 1023) / 1024);
}
