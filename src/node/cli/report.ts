import type { Diagnostic } from "../../core/diagnostic.js";
import type { Grid } from "../../core/grid.js";
import { isUnscaled, type ValueScale } from "../../core/value_scale.js";
import { version } from "../../core/version.js";
import type { Resampling } from "../../dicom/geometry/regrid_plan.js";
import { outsideValue } from "../../dicom/image/pixel_padding.js";
import { sliceName } from "../../dicom/image/slice_labels.js";
import type { Series } from "../../dicom/series/list_series.js";
import type { Engine } from "../../engine/engine.js";
import { affineOf } from "../../formats/nifti/orientation.js";
import { describeLungs } from "../../recipes/lung_mask/words.js";
import type { PreprocessResult } from "../../recipes/preprocess.js";
import type { PreprocessOptions } from "../../recipes/preprocess_options.js";
import type { StageTime } from "../../recipes/stage_clock.js";
import type { WhyCpu } from "../../volume/ct_engine.js";
import type { ProcessingHistory } from "../../volume/history.js";
import type { InputFile } from "./hashed_inputs.js";
import { lungDiagnostics, lungSummary } from "./lung_summary.js";
import type { WrittenFile } from "./output_folder.js";
import { table } from "./table.js";

export interface ReportParts {
  readonly study: string;
  readonly options: PreprocessOptions;
  readonly series: Series;
  readonly skipped: unknown;
  /** Of files that are of no series. */
  readonly notices: readonly Diagnostic[];
  readonly inputs: readonly InputFile[];
  readonly engine: Engine;
  /** Why the CPU engine did it, where nobody asked for that. */
  readonly whyCpu?: WhyCpu;
  readonly result: PreprocessResult;
  readonly files: readonly WrittenFile[];
  readonly statistics: Readonly<Record<string, unknown>>;
  /** By the name of each array. */
  readonly history: Readonly<Record<string, ProcessingHistory>>;
  readonly milliseconds: number;
}

/**
 * `report.json`: what was read, what was decided, on what it ran, how long it took, and a hash of every file
 * in and out.
 */
export function preprocessReport(parts: ReportParts) {
  const { series, engine, result } = parts;
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  return {
    hounsfield: version,
    study: parts.study,
    options: parts.options,
    adapter: engine.adapter,
    processor: engine.capabilities,
    whyCpu: parts.whyCpu,
    store: result.store,
    series: seriesFacts(series),
    geometry: describeGrid(result.grid),
    resampledGeometry: result.resampledGrid && describeGrid(result.resampledGrid),
    values: result.values,
    ordering: series.ordering,
    resampling: series.resampling && describeResampling(series, series.resampling),
    skipped: parts.skipped,
    diagnostics: [
      ...parts.notices,
      ...series.diagnostics,
      ...scaledDiagnostics(result.values),
      ...lungDiagnostics(result.lungQuality),
    ],
    statistics: parts.statistics,
    history: parts.history,
    lungMl: result.lungMl,
    lungQuality: result.lungQuality,
    lungNotes: result.lungQuality && describeLungs(result.lungQuality),
    stages: inTenths(result.stages),
    totalMilliseconds: tenths(parts.milliseconds),
    cpuMilliseconds: tenths((userCPUTime + systemCPUTime) / 1000),
    peakEngineBytes: result.peakEngineBytes,
    peakResidentBytes: maxRSS * 1024,
    inputs: parts.inputs,
    outputs: parts.files,
  };
}

/** Who takes the arrays for HU should know that they are not. */
function scaledDiagnostics(values: ValueScale): readonly Diagnostic[] {
  if (isUnscaled(values)) return [];
  const { slope, intercept, units } = values;
  const message = `int16 arrays hold steps: value = entry * ${slope} + ${intercept}, in ${units}; "values" in report.json`;
  return [{ severity: "info", code: "values-scaled", message }];
}

export type PreprocessReport = ReturnType<typeof preprocessReport>;

/** What a person wants to see at the end: the files, then the stages with their times, and what it ran on. */
export function summarize(report: PreprocessReport, out: string): string {
  const files = report.outputs.map(({ file, bytes }) => [`${out}/${file}`, sizeText(bytes)]);
  files.push([`${out}/report.json`, ""]);
  const lungs = report.lungQuality ? `${lungSummary(report.lungQuality)}\n` : "";
  return `\n${table(["file", "size"], files)}\n${lungs}${summaryEnd(report, "all, with start and hashes")}`;
}

/**
 * The end of every command's summary: stages with their times, what it ran on, and what there was to note.
 */
export function summaryEnd(
  { stages, totalMilliseconds, adapter, diagnostics }: SummaryParts,
  all: string,
): string {
  const rows = [...stages, { stage: all, milliseconds: totalMilliseconds }];
  const times = rows.map(({ stage, milliseconds }) => [stage, `${milliseconds.toFixed(0)} ms`]);
  const { vendor, architecture, name, software } = adapter;
  const on = [...new Set([name, vendor, architecture].filter(Boolean))].join(", ");
  const notes = diagnostics.map(({ severity, message }) => `${severity}: ${message}\n`).join("");
  return `${table(["stage", "time"], times)}\nadapter: ${on}${software ? " (software: slow)" : ""}\n${notes}`;
}

interface SummaryParts {
  readonly stages: readonly StageTime[];
  readonly totalMilliseconds: number;
  readonly adapter: Engine["adapter"];
  readonly diagnostics: Series["diagnostics"];
}

/** Of a series, what names no patient. */
export function seriesFacts(series: Series) {
  return {
    seriesInstanceUid: series.seriesInstanceUid,
    description: series.description,
    modality: series.modality,
    part: series.part,
    units: series.units,
    window: series.window,
    slices: series.slices.length,
    transferSyntaxes: series.transferSyntaxes,
  };
}

export function describeGrid(grid: Grid) {
  return {
    sizeXyz: grid.size,
    spacingXyzMm: grid.spacingMm,
    originXyzMm: grid.originMm,
    direction: grid.direction,
    /** For who reads the numbers without this library's documentation. */
    convention:
      "LPS millimeters; originXyzMm is the center of voxel (0, 0, 0); direction is 3 x 3, row-major, its columns the unit vectors of the axes x, y, z; arrays are z, y, x",
    /** As NIfTI's sform and nibabel have it: index (x, y, z, 1) to RAS millimeters. */
    affineRas: [...affineOf(grid), [0, 0, 0, 1]],
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

export function sizeText(bytes: number): string {
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(0)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

export function inTenths(stages: readonly StageTime[]): StageTime[] {
  return stages.map(({ stage, milliseconds }) => ({ stage, milliseconds: tenths(milliseconds) }));
}

export function tenths(milliseconds: number): number {
  return Math.round(milliseconds * 10) / 10;
}
