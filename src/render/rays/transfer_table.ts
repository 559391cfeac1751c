import type { TransferFunction } from "../state/transfer.js";

/** Texels of a row, a HU each from -1024, as shaders/render/rays/project_dvr.wgsl reads them. */
export const TABLE_WIDTH = 4096;
const FIRST_HU = -1024;
const TEXELS_PER_GRADIENT = 4;

/**
 * A transfer function as rows of red, green, blue and alpha. First row by HU: color, and the opacity of a
 * step, `1 - (1 - opacityPerMm)^stepMm`: rays that work it out themselves take a third longer on a CPU.
 * Second row by gradient, four texels a HU a mm: the factor of opacity in red.
 */
export function transferTable(
  { points, gradientOpacity }: TransferFunction,
  stepMm: number,
): Float32Array<ArrayBuffer> {
  const table = new Float32Array(2 * TABLE_WIDTH * 4);
  const hus = points.map(({ hu }) => hu);
  const channels = [0, 1, 2].map((c) => points.map(({ color }) => color[c]));
  const opacities = points.map(({ opacityPerMm }) => opacityPerMm);
  for (let i = 0; i < TABLE_WIDTH; i++) {
    const hu = FIRST_HU + i;
    channels.forEach((values, c) => {
      table[4 * i + c] = piecewise(hus, values, hu);
    });
    table[4 * i + 3] = 1 - (1 - piecewise(hus, opacities, hu)) ** stepMm;
  }
  const steep = gradientOpacity ?? [];
  const gradients = steep.map(({ gradientHuPerMm }) => gradientHuPerMm);
  const factors = steep.map(({ factor }) => factor);
  for (let i = 0; i < TABLE_WIDTH; i++) {
    const gradient = i / TEXELS_PER_GRADIENT;
    table[4 * (TABLE_WIDTH + i)] = steep.length > 0 ? piecewise(gradients, factors, gradient) : 1;
  }
  return table;
}

/** Linear between ascending places, constant beyond their ends; at a jump the later value. */
function piecewise(places: readonly number[], values: readonly number[], at: number): number {
  const next = places.findIndex((place) => place > at);
  if (next === 0) return values[0];
  if (next < 0) return values[values.length - 1];
  const [from, to] = [places[next - 1], places[next]];
  return values[next - 1] + ((values[next] - values[next - 1]) * (at - from)) / (to - from);
}
