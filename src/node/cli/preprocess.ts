import { chooseSeries } from "../../dicom/choose.js";
import { listSeries } from "../../dicom/series.js";
import { npyHeader } from "../../formats/npy.js";
import type { HuWindow } from "../../ops/value/window.js";
import {
  type ArrayOutput,
  type ArraySink,
  type PreprocessOptions,
  preprocess,
} from "../../recipes/preprocess.js";
import { openEngine } from "../open_engine.js";
import { openSources } from "../open_sources.js";
import { numbers, onePositional, parse, positiveNumber, required } from "./arguments.js";
import { OutputFolder } from "./output_folder.js";
import { progressLine } from "./progress_line.js";
import { projectionPng } from "./projection_png.js";
import { hashInputs, preprocessReport, summarize } from "./report.js";
import { statisticsOf } from "./statistics.js";
import { UsageError } from "./usage.js";

/** `hounsfield preprocess STUDY --out DIR ...`: see usage.ts and docs/design.md for the files it writes. */
export async function preprocessCommand(args: string[], signal: AbortSignal): Promise<void> {
  const accepted = {
    out: { type: "string" },
    spacing: { type: "string" },
    window: { type: "string" },
    lungs: { type: "string" },
    mip: { type: "boolean" },
    format: { type: "string" },
    series: { type: "string" },
    software: { type: "boolean" },
    json: { type: "boolean" },
  } as const;
  const { values, positionals } = parse(args, accepted, { lungs: "refined" });
  const study = onePositional(positionals, "STUDY");
  const out = required(values.out, "--out DIR");
  const options = preprocessOptions(values);
  const start = performance.now();
  const control = { signal, onProgress: progressLine() };

  const found = await listSeries(await openSources(study, control), control);
  const series = chooseSeries(found.series, values.series);
  using engine = disposable(await openEngine({ software: values.software }));
  if (engine.adapter.software && !values.software) {
    process.stderr.write(
      `warning: no GPU found; using the software adapter ${engine.adapter.name}, which is slow\n`,
    );
  }
  const folder = new OutputFolder(out);
  try {
    const inputs = await hashInputs(series, control);
    const sink = fileSink(folder);
    const result = await preprocess(engine, series, options, sink, control);
    const report = preprocessReport({
      study,
      options,
      series,
      skipped: found.skipped,
      inputs,
      engine,
      result,
      files: [...folder.files],
      statistics: sink.statistics,
      milliseconds: performance.now() - start,
    });
    await folder.write("report.json", [Buffer.from(`${JSON.stringify(report, null, 2)}\n`)]);
    signal.throwIfAborted();
    await folder.publish();
    process.stdout.write(values.json ? `${JSON.stringify(report)}\n` : summarize(report, out));
  } finally {
    folder.discard();
  }
}

interface OptionTexts {
  readonly spacing?: string;
  readonly window?: string;
  readonly lungs?: string;
  readonly mip?: boolean;
  readonly format?: string;
}

function preprocessOptions({ spacing, window, lungs, mip, format }: OptionTexts): PreprocessOptions {
  if (lungs !== undefined && lungs !== "threshold" && lungs !== "refined") {
    throw new UsageError(
      `--lungs takes "threshold", "refined" or nothing before the next option, got "${lungs}"`,
    );
  }
  if (format !== undefined && format !== "npy") throw new UsageError(`--format takes "npy", got "${format}"`);
  return {
    spacingMm: spacing === undefined ? undefined : positiveNumber(spacing, "--spacing"),
    window: window === undefined ? undefined : parseWindow(window),
    lungs,
    mip: mip ?? false,
  };
}

function parseWindow(text: string): HuWindow {
  const [lowHu, highHu] = numbers(text, 2, "--window");
  if (lowHu >= highHu) throw new UsageError(`--window takes LOW,HIGH with LOW below HIGH, got "${text}"`);
  return { lowHu, highHu };
}

const npyTypes = { int16: "<i2", float32: "<f4", uint8: "|u1" } as const;

/** Writes each array as .npy, and projections as .png too; gathers statistics of what passes. */
function fileSink(folder: OutputFolder): ArraySink & { readonly statistics: Record<string, unknown> } {
  const statistics: Record<string, unknown> = {};
  return {
    statistics,
    async array({ name, dtype, shape, slabs }: ArrayOutput) {
      const gather = statisticsOf();
      const header = npyHeader({ dtype: npyTypes[dtype], shape });
      await folder.write(`${name}.npy`, gather.through(slabs), header);
      statistics[name] = { shape, dtype, ...gather.result() };
    },
    async image(projection) {
      await folder.write(`mip-${projection.plane}.png`, [projectionPng(projection)]);
    },
  };
}

function disposable<T extends { destroy(): void }>(owner: T): T & Disposable {
  return Object.assign(owner, { [Symbol.dispose]: () => owner.destroy() });
}
