import type { Control } from "../../core/control.js";
import type { Diagnostic } from "../../core/diagnostic.js";
import { HounsfieldError } from "../../core/errors.js";
import type { ValueScale } from "../../core/value_scale.js";
import { exactScale } from "../../dicom/image/exact_scale.js";
import { type PatientIdentity, readPatient } from "../../dicom/image/patient.js";
import { plannedScale } from "../../dicom/image/record_scale.js";
import { acquisitionParametersOf } from "../../dicom/series/acquisition.js";
import { describeSeries } from "../../dicom/series/choose_series.js";
import { listSeries, type RefusedSeries, type Series } from "../../dicom/series/list_series.js";
import type { Skipped } from "../../dicom/series/read_headers.js";
import { openSources } from "../open_sources.js";
import { parse, repairs } from "./arguments.js";
import { exitCode } from "./exit_codes.js";
import {
  type AskedLabels,
  type FoundLabels,
  hasLabels,
  labelsOrReason,
  type NoLabels,
  readLabels,
} from "./info_labels.js";
import { infoText } from "./info_text.js";
import { problemText } from "./problem_text.js";
import { progressLine } from "./progress_line.js";
import { UsageError } from "./usage_error.js";

/** One series of a study, and what was asked for beside it. */
export interface SeriesInfo {
  /** In the list, from 1: what --series takes. */
  readonly number: number;
  readonly series: Series | RefusedSeries;
  readonly patient?: PatientIdentity;
  /** Of one among several series they may be missing, for a reason. */
  readonly labels?: FoundLabels | NoLabels;
}

export interface StudyInfo {
  readonly study: readonly string[];
  /** Of all, also where one was picked. */
  readonly seriesCount: number;
  readonly series: readonly SeriesInfo[];
  readonly skipped: Skipped;
  /** Why files are none that claim to be images. */
  readonly broken: readonly string[];
  /** Of files that are of no series. */
  readonly diagnostics: readonly Diagnostic[];
  readonly unreadable: readonly string[];
}

const options = {
  allow: { type: "string" },
  json: { type: "boolean" },
  series: { type: "string" },
  labels: { type: "string" },
  "labels-version": { type: "string" },
  patient: { type: "string" },
  identify: { type: "boolean" },
} as const;

/** `hounsfield info STUDY...`: what is there. Names no patient unless --identify asks for it. */
export async function info(args: string[], signal: AbortSignal): Promise<number> {
  const { values, positionals } = parse(args, options);
  if (positionals.length === 0) throw new UsageError("expected STUDY, got none");
  const asked = askedLabels(values, positionals);
  const allow = repairs(values.allow);
  const control: Control = { signal, onProgress: progressLine() };
  const unreadable: HounsfieldError[] = [];
  const onUnreadable = (error: HounsfieldError) => void unreadable.push(error);
  const sources = await openSources(positionals, { ...control, onUnreadable });
  if (sources.length === 0 && unreadable.length > 0) throw unreadable[0];
  const listing = await listSeries(sources, { ...control, allow, broken: "list" });
  const { series, skipped, diagnostics } = listing;
  const found: SeriesInfo[] = [];
  const labelsOf = asked && (await readLabels(asked, control));
  const chosen = picked(series, values.series);
  // Of a single series it is an error to have no labels; of a whole data set most have none.
  const several = chosen.length > 1;
  for (const { series: one, number } of chosen) {
    const patient = values.identify ? await readPatient(one.slices[0].source) : undefined;
    const labels = labelsOf && (several ? labelsOrReason(() => labelsOf(one)) : labelsOf(one));
    found.push({ series: one, number, patient, labels });
  }
  const mismatched = found.some(
    ({ labels }) => labels && !hasLabels(labels) && labels.code !== "unknown-patient",
  );
  const study: StudyInfo = {
    study: positionals,
    seriesCount: series.length,
    series: found,
    skipped,
    broken: listing.broken.map(problemText),
    diagnostics,
    unreadable: unreadable.map(({ message }) => message),
  };
  process.stdout.write(
    values.json ? `${JSON.stringify(asJson(study))}\n` : `\n${infoText(study, process.stdout.columns)}`,
  );
  return mismatched || unreadable.length + listing.broken.length > 0 ? exitCode.refused : exitCode.done;
}

function askedLabels(
  values: { readonly labels?: string; readonly "labels-version"?: string; readonly patient?: string },
  study: readonly string[],
): AskedLabels | undefined {
  const { labels, "labels-version": version = "updated-1", patient } = values;
  if (version !== "original" && version !== "updated-1") {
    throw new UsageError(`--labels-version takes "original" or "updated-1", got "${version}"`);
  }
  if (labels !== undefined) return { folder: labels, version, patient, study };
  for (const name of ["labels-version", "patient"] as const) {
    if (values[name] !== undefined) throw new UsageError(`--${name} goes with --labels DIR`);
  }
  return undefined;
}

/** All, or those that --series names: a number of the list, or a UID, which several volumes may have. */
function picked(series: readonly (Series | RefusedSeries)[], pick?: string) {
  const numbered = series.map((one, i) => ({ series: one, number: i + 1 }));
  if (pick === undefined) return numbered;
  const found = numbered.filter(
    ({ series: one, number }) => String(number) === pick.trim() || one.seriesInstanceUid === pick.trim(),
  );
  if (found.length > 0) return found;
  const accepted = series.map((one, i) => `${i + 1}: ${describeSeries(one)}`);
  const message = `no series is "${pick}"; found: ${accepted.join("; ")}`;
  throw new HounsfieldError("invalid-option", message, { got: pick, accepted });
}

/**
 * The scale of the record as far as headers tell it: where values must be measured, and where they leave
 * int16, loading says.
 */
function valuesOf({ slices, units, refusal }: Series | RefusedSeries): Partial<ValueScale> {
  return (refusal ? undefined : (plannedScale({ slices, units }) ?? exactScale(slices, units))) ?? { units };
}

/** Everything that plain data is: a field that listing learns to give appears here by itself. */
function asJson({ study, series, skipped, broken, diagnostics, unreadable }: StudyInfo) {
  return {
    study: study.length === 1 ? study[0] : study,
    series: series.map(({ series: one, number, patient, labels }) => {
      const { slices, refusal, grid, ...summary } = { grid: undefined, ...one };
      return {
        number,
        ...summary,
        slices: slices.length,
        values: valuesOf(one),
        acquisition: acquisitionParametersOf(slices),
        ...(refusal && { refusal: { code: refusal.code, message: refusal.message } }),
        ...(grid && {
          geometry: {
            sizeXyz: grid.size,
            spacingXyzMm: grid.spacingMm,
            originXyzMm: grid.originMm,
            direction: grid.direction,
          },
        }),
        // Frames are counted from 1, as DICOM and messages count them.
        files: slices.map(({ source, frame, sliceLocation }) => ({
          file: source.name,
          ...(frame !== undefined && { frame: frame + 1 }),
          sliceLocation,
        })),
        patient,
        labels,
      };
    }),
    skipped,
    broken,
    diagnostics,
    unreadable,
  };
}
