/** A bar of a round length to lay over a picture. */
export interface ScaleBar {
  readonly lengthMm: number;
  readonly lengthPx: number;
  /** "5 mm", "2 cm". */
  readonly label: string;
}

/** The longest bar of 1, 2 or 5 times a power of ten mm that is at most `mostPx` long. */
export function scaleBarOf(mmPerPixel: number, mostPx: number): ScaleBar {
  const mostMm = mmPerPixel * mostPx;
  const decade = 10 ** Math.floor(Math.log10(mostMm));
  const lengthMm = [5, 2, 1].map((digit) => digit * decade).find((mm) => mm <= mostMm) ?? decade;
  const label = lengthMm >= 10 ? `${lengthMm / 10} cm` : `${Number(lengthMm.toPrecision(1))} mm`;
  return { lengthMm, lengthPx: lengthMm / mmPerPixel, label };
}
