import type { Grid } from "../../core/grid.js";
import { version } from "../../core/version.js";
import { outsideValue } from "../../dicom/padding.js";
import type { Resampling } from "../../dicom/resampling.js";
import type { Series } from "../../dicom/series.js";
import { sliceName } from "../../dicom/slice_name.js";
import type { Engine } from "../../engine/engine.js";
import type { PreprocessOptions, PreprocessResult } from "../../recipes/preprocess.js";
import type { ProcessingHistory } from "../../volume/history.js";
import type { InputFile } from "./hashed_inputs.js";
import type { WrittenFile } from "./output_folder.js";
import { table } from "./table.js";

export interface ReportParts {
  readonly study: string;
  readonly options: PreprocessOptions;
  readonly series: Series;
  readonly skipped: unknown;
  readonly inputs: readonly InputFile[];
  readonly engine: Engine;
  readonly result: PreprocessResult;
  readonly files: readonly WrittenFile[];
  readonly statistics: Readonly<Record<string, unknown>>;
  /** By the name of each array. */
  readonly history: Readonly<Record<string, ProcessingHistory>>;
  readonly milliseconds: number;
}

/** `report.json`: what was read, what was decided, on what it ran, how long it took, and a hash of every file in and out. */
export function preprocessReport(parts: ReportParts) {
  const { series, engine, result } = parts;
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  return {
    hounsfield: version,
    study: parts.study,
    options: parts.options,
    adapter: engine.adapter,
    processor: engine.capabilities,
    series: {
      seriesInstanceUid: series.seriesInstanceUid,
      description: series.description,
      modality: series.modality,
      part: series.part,
      units: series.units,
      slices: series.slices.length,
      transferSyntaxes: series.transferSyntaxes,
    },
    geometry: describeGrid(result.grid),
    resampledGeometry: result.resampledGrid && describeGrid(result.resampledGrid),
    ordering: series.ordering,
    resampling: series.resampling && describeResampling(series, series.resampling),
    skipped: parts.skipped,
    diagnostics: series.diagnostics,
    statistics: parts.statistics,
    history: parts.history,
    lungMl: result.lungMl,
    lungQuality: result.lungQuality,
    stages: result.stages.map(({ stage, milliseconds }) => ({ stage, milliseconds: tenths(milliseconds) })),
    totalMilliseconds: tenths(parts.milliseconds),
    cpuMilliseconds: tenths((userCPUTime + systemCPUTime) / 1000),
    peakEngineBytes: result.peakEngineBytes,
    peakResidentBytes: maxRSS * 1024,
    inputs: parts.inputs,
    outputs: parts.files,
  };
}

export type PreprocessReport = ReturnType<typeof preprocessReport>;

/** What a person wants to see at the end: the files, then the stages with their times, and what it ran on. */
export function summarize(report: PreprocessReport, out: string): string {
  const files = report.outputs.map(({ file, bytes }) => [`${out}/${file}`, size(bytes)]);
  files.push([`${out}/report.json`, ""]);
  const stages = report.stages.map(({ stage, milliseconds }) => [stage, `${milliseconds.toFixed(0)} ms`]);
  stages.push(["all, with start and hashes", `${report.totalMilliseconds.toFixed(0)} ms`]);
  const { vendor, architecture, name, software } = report.adapter;
  const adapter = [...new Set([name, vendor, architecture].filter(Boolean))].join(", ");
  const notes = report.diagnostics.map(({ severity, message }) => `${severity}: ${message}\n`).join("");
  return `\n${table(["file", "size"], files)}\n${table(["stage", "time"], stages)}\nadapter: ${adapter}${software ? " (software: slow)" : ""}\n${notes}`;
}

function describeGrid(grid: Grid) {
  return {
    sizeXyz: grid.size,
    spacingXyzMm: grid.spacingMm,
    originXyzMm: grid.originMm,
    direction: grid.direction,
  };
}

/** How each slice of the volume came to be, where not all are slices as acquired. */
function describeResampling(
  { slices, units }: Series,
  { repairs, slices: resampled, shiftPixels }: Resampling,
) {
  return {
    allowed: repairs,
    outsideField: outsideValue(units),
    slices: resampled.map(({ below, above, weight, measured, fieldX, fieldY }, z) => ({
      z,
      measured,
      from: [...new Set([below, above])].map((k) => sliceName(slices[k])),
      weightOfLast: weight,
      shiftPixels: shiftPixels[below],
      fieldX,
      fieldY,
    })),
  };
}

function size(bytes: number): string {
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(0)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

function tenths(milliseconds: number): number {
  return Math.round(milliseconds * 10) / 10;
}
