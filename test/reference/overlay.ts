/** A label over a picture, pixel by pixel, from first principles: no code shared with src/render. */
export interface ReferenceLabel {
  /** 0 or 1 a pixel. */
  readonly inside: Uint8Array;
  readonly color: readonly [number, number, number];
  readonly opacity: number;
  readonly outline: number;
}

/**
 * Red, green and blue of each pixel, 0..255, the last label on top. The outline is what has a neighbor
 * outside, of eight.
 */
export function overlaid(
  under: readonly (readonly number[])[],
  width: number,
  height: number,
  labels: readonly ReferenceLabel[],
): number[][] {
  return under.map((below, i) => {
    let color = [...below];
    for (const label of labels) {
      if (label.inside[i] === 0) continue;
      const isEdge = neighbors(i % width, Math.floor(i / width), width, height).some(
        (n) => label.inside[n] === 0,
      );
      const opacity = isEdge ? Math.max(label.opacity, label.outline) : label.opacity;
      color = color.map((value, c) => value * (1 - opacity) + 255 * label.color[c] * opacity);
    }
    return color;
  });
}

/** Beyond the picture's edge the pixel at the edge goes on. */
function neighbors(x: number, y: number, width: number, height: number): number[] {
  const held = (value: number, count: number) => Math.min(count - 1, Math.max(0, value));
  return [-1, 0, 1].flatMap((dy) =>
    [-1, 0, 1].map((dx) => held(y + dy, height) * width + held(x + dx, width)),
  );
}
