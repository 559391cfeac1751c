import { describeSeries } from "../../dicom/choose.js";
import { listSeries, type RefusedSeries, type Series } from "../../dicom/series.js";
import { folderSources } from "../sources.js";
import { onePositional, parse } from "./arguments.js";
import { progressLine } from "./progress_line.js";

/** `hounsfield info STUDY`: what a folder holds. Names no patient. */
export async function info(args: string[], signal: AbortSignal): Promise<void> {
  const { values, positionals } = parse(args, { json: { type: "boolean" } });
  const study = onePositional(positionals, "STUDY");
  const control = { signal, onProgress: progressLine() };
  const { series, skipped } = await listSeries(await folderSources(study, control), control);
  if (values.json) {
    process.stdout.write(`${JSON.stringify({ study, series: series.map(asJson), skipped })}\n`);
    return;
  }
  const sections = series.map((one, index) => `series ${index + 1}: ${describeSeries(one)}\n${details(one)}`);
  process.stdout.write(`\n${sections.join("\n")}${skippedLine(skipped)}`);
}

function asJson(series: Series | RefusedSeries) {
  const { seriesInstanceUid, description, modality, role, transferSyntaxes, slices } = series;
  const common = { seriesInstanceUid, description, modality, role, transferSyntaxes, slices: slices.length };
  if (series.refusal)
    return { ...common, refusal: { code: series.refusal.code, message: series.refusal.message } };
  const { grid, ordering, diagnostics } = series;
  return {
    ...common,
    ordering,
    geometry: {
      sizeXyz: grid.size,
      spacingXyzMm: grid.spacingMm,
      originXyzMm: grid.originMm,
      direction: grid.direction,
    },
    diagnostics,
    files: slices.map(({ source, sliceLocation }) => ({ file: source.name, sliceLocation })),
  };
}

function details(series: Series | RefusedSeries): string {
  if (series.refusal) return `no volume: ${series.refusal.message} [${series.refusal.code}]\n`;
  const { grid, slices, diagnostics } = series;
  const [first, last] = [slices[0], slices[slices.length - 1]];
  const rows = [
    ["size x, y, z", grid.size.join(" x ")],
    ["spacing x, y, z", `${grid.spacingMm.map(round).join(" x ")} mm`],
    ["origin (LPS)", `${grid.originMm.map(round).join(", ")} mm`],
    ["direction", grid.direction.map(round).join(" ")],
    ["transfer syntax", series.transferSyntaxes.join(", ")],
    [
      "bits",
      `${first.bitsStored} stored of ${first.bitsAllocated}, ${first.pixelRepresentation ? "signed" : "unsigned"}`,
    ],
    ["rescale", `${first.rescaleSlope ?? "no slope"}, ${first.rescaleIntercept ?? "no intercept"}`],
    ["kernel", first.convolutionKernel ?? "unknown"],
    ["ordered by", series.ordering],
    ["first slice", `${first.source.name}${locationOf(first.sliceLocation)}`],
    ["last slice", `${last.source.name}${locationOf(last.sliceLocation)}`],
    ...diagnostics.map(({ severity, message }) => [severity, message]),
  ];
  return `${rows.map(([name, value]) => `  ${name.padEnd(16)} ${value}`).join("\n")}\n`;
}

function locationOf(sliceLocation: number | undefined): string {
  return sliceLocation === undefined ? "" : ` at ${sliceLocation} mm`;
}

function skippedLine({ notDicom, notImage }: { notDicom: number; notImage: number }): string {
  if (notDicom + notImage === 0) return "";
  return `\nskipped: ${notDicom} files that are not DICOM, ${notImage} DICOM files without an image\n`;
}

function round(value: number): string {
  return String(Math.round(value * 1e4) / 1e4);
}
