import { describeLungs, type LungDensity, type LungQuality } from "hounsfield";

/**
 * What the lung mask says of itself, as a person should read it. `values` are volumes, where there are lungs;
 * `details` are densities.
 */
export function lungWords(quality: LungQuality): {
  readonly values?: Readonly<Record<"right" | "left" | "airways", string>>;
  readonly details?: Readonly<Record<"right" | "left" | "airways", string>>;
  readonly note: string;
} {
  const note = describeLungs(quality).join(" ");
  if (quality.verdict !== "lungs") return { note };
  const { right, left, airwaysMl } = quality;
  return {
    values: { right: ml(right.ml), left: ml(left.ml), airways: ml(airwaysMl) },
    details: { right: huOf(right.density), left: huOf(left.density), airways: "" },
    note,
  };
}

function ml(value: number): string {
  return `${Math.round(value)} ml`;
}

function huOf({ meanHu, laa950Percent, from700To500Percent, above500Percent }: LungDensity): string {
  if (Number.isNaN(meanHu)) return "";
  const [empty, hazy, solid] = [laa950Percent, from700To500Percent, above500Percent].map((one) =>
    one.toFixed(1),
  );
  return `Mean ${Math.round(meanHu)} HU. Below -950 HU: ${empty} %; -700 to -500 HU: ${hazy} %; above: ${solid} %`;
}
