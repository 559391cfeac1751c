import { chooseSeries } from "../../dicom/series/choose_series.js";
import { listSeries, type Series } from "../../dicom/series/list_series.js";
import { preprocess } from "../../recipes/preprocess.js";
import type { PreprocessOptions } from "../../recipes/preprocess_options.js";
import type { ArrayOutput, ArraySink } from "../../recipes/preprocess_outputs.js";
import type { ProcessingHistory } from "../../volume/history.js";
import { openSources } from "../open_sources.js";
import { oneOf, onePositional, parse, positiveNumber, repairs, required } from "./arguments.js";
import {
  type ArrayFormat,
  type ArrayWriter,
  arrayFormats,
  meshFormats,
  writeFormats,
} from "./array_formats.js";
import { engineFlags, engineOptions, withChosenEngine } from "./chosen_engine.js";
import { hashedInputs } from "./hashed_inputs.js";
import { parseHuRange } from "./look_values.js";
import { OutputFolder } from "./output_folder.js";
import { progressLine } from "./progress_line.js";
import { preprocessReport, summarize } from "./report.js";
import { UsageError } from "./usage_error.js";
import { warn } from "./warn.js";

/** `hounsfield preprocess STUDY --out DIR ...`: see usage.ts and docs/design.md for the files it writes. */
export async function preprocessCommand(args: string[], signal: AbortSignal): Promise<void> {
  const accepted = {
    out: { type: "string" },
    spacing: { type: "string" },
    exact: { type: "boolean" },
    window: { type: "string" },
    lungs: { type: "string" },
    mip: { type: "boolean" },
    only: { type: "boolean" },
    dtype: { type: "string" },
    clip: { type: "boolean" },
    "no-hashes": { type: "boolean" },
    format: { type: "string" },
    series: { type: "string" },
    "skip-broken": { type: "boolean" },
    ...engineFlags,
    allow: { type: "string" },
    json: { type: "boolean" },
  } as const;
  const { values, positionals } = parse(args, accepted, { lungs: "refined" });
  const study = onePositional(positionals, "STUDY");
  const out = required(values.out, "--out DIR");
  const options = preprocessOptions(values);
  const formats = parseFormats(values.format);
  if (formats.includes("seg") && (!options.lungs || options.spacingMm !== undefined))
    throw new UsageError(
      "--format seg goes with --lungs, and without --spacing: it is of slices as acquired",
    );
  const surfaces = meshFormats.filter((format) => formats.includes(format));
  if (surfaces.length > 0 && !options.lungs)
    throw new UsageError(`--format ${surfaces[0]} goes with --lungs, whose surfaces it has`);
  const processor = engineOptions(values);
  const allow = repairs(values.allow);
  const start = performance.now();
  const control = { signal, onProgress: progressLine() };

  const broken = values["skip-broken"] ? "list" : "refuse";
  const found = await listSeries(await openSources(study, control), { allow, broken, ...control });
  warn(found.diagnostics);
  const series = chooseSeries(found.series, values.series);
  await withChosenEngine(processor, series, async (engine, whyCpu) => {
    const hashes = !values["no-hashes"];
    const folder = new OutputFolder(out, { hashes, exclusive: true });
    try {
      const hashed = hashedInputs(series, { hashes });
      const sink = fileSink(folder, series, formats, options.lungs);
      const result = await preprocess(engine, hashed.series, { ...options, sink, ...control });
      const report = preprocessReport({
        study,
        options,
        series,
        skipped: found.skipped,
        notices: found.diagnostics,
        inputs: await hashed.inputs(signal),
        engine,
        whyCpu,
        result,
        files: [...folder.files],
        statistics: sink.statistics,
        history: sink.history,
        milliseconds: performance.now() - start,
      });
      await folder.write("report.json", [Buffer.from(`${JSON.stringify(report, null, 2)}\n`)]);
      signal.throwIfAborted();
      folder.publish();
      process.stdout.write(values.json ? `${JSON.stringify(report)}\n` : summarize(report, out));
    } finally {
      folder.discard();
    }
  });
}

interface OptionTexts {
  readonly spacing?: string;
  readonly exact?: boolean;
  readonly window?: string;
  readonly lungs?: string;
  readonly mip?: boolean;
  readonly only?: boolean;
  readonly dtype?: string;
  readonly clip?: boolean;
}

function preprocessOptions({
  spacing,
  exact,
  window,
  lungs,
  mip,
  only,
  dtype,
  clip,
}: OptionTexts): PreprocessOptions {
  if (lungs !== undefined && lungs !== "threshold" && lungs !== "refined") {
    throw new UsageError(
      `--lungs takes "threshold", "refined" or nothing before the next option, got "${lungs}"`,
    );
  }
  if (dtype !== undefined && dtype !== "int16" && dtype !== "float32")
    throw new UsageError(`--dtype takes int16 or float32, got "${dtype}"`);
  if (exact && spacing === undefined) throw new UsageError("--exact goes with --spacing");
  return {
    exact: exact ? "integer" : undefined,
    spacingMm: spacing === undefined ? undefined : positiveNumber(spacing, "--spacing"),
    window: window === undefined ? undefined : parseHuRange(window),
    lungs,
    mip: mip ?? false,
    dtype,
    clip,
    // What was asked for is what is made last: of the windowed, the resampled is only a step.
    omit: only ? (window || lungs ? ["volume", "resampled"] : ["volume"]) : [],
  };
}

/** "npy,nifti": .npy alone where nothing is said. */
function parseFormats(text = "npy"): readonly ArrayFormat[] {
  return [...new Set(text.split(",").map((name) => oneOf(arrayFormats, name.trim(), "--format")))];
}

export interface FileSink extends ArraySink {
  readonly statistics: Record<string, unknown>;
  readonly history: Record<string, ProcessingHistory>;
}

/**
 * Writes each array in all formats, and projections as .png too; gathers statistics and histories of what
 * passes.
 */
export function fileSink(
  folder: OutputFolder,
  series: Series,
  formats: readonly ArrayFormat[],
  method: PreprocessOptions["lungs"],
): FileSink {
  const statistics: Record<string, unknown> = {};
  const histories: Record<string, ProcessingHistory> = {};
  return {
    statistics,
    history: histories,
    async array(output: ArrayOutput) {
      const { name, dtype, shape, history, summary } = output;
      histories[name] = history;
      const others = name === "lungs" ? await lungFiles(folder, series, formats, method, output) : [];
      await writeFormats(folder, formats, output, others);
      statistics[name] = { shape, dtype, ...(await summary()) };
    },
    async image(projection) {
      const { projectionPng } = await import("./projection_png.js");
      await folder.write(`mip-${projection.plane}.png`, [await projectionPng(projection, series.window)]);
    },
  };
}

/** Who writes more of the labels of lungs than an array. */
async function lungFiles(
  folder: OutputFolder,
  series: Series,
  formats: readonly ArrayFormat[],
  method: PreprocessOptions["lungs"],
  { grid = series.grid }: ArrayOutput,
): Promise<ArrayWriter[]> {
  const writers: ArrayWriter[] = [];
  if (formats.includes("seg")) writers.push((await import("./seg_file.js")).segFile(folder, series, method));
  const surfaces = meshFormats.filter((format) => formats.includes(format));
  if (surfaces.length > 0)
    writers.push((await import("./mesh_files.js")).meshFiles(folder, grid, surfaces, method));
  return writers;
}
