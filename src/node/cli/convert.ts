import { basename } from "node:path";
import { chooseSeries } from "../../dicom/series/choose_series.js";
import { listSeries } from "../../dicom/series/list_series.js";
import { preprocess } from "../../recipes/preprocess.js";
import { openSources } from "../open_sources.js";
import { oneOf, parse, repairs } from "./arguments.js";
import { arrayFile, type FileFormat, writeArray } from "./array_formats.js";
import { engineOptions, openChosenEngine } from "./chosen_engine.js";
import { outputFile } from "./output_file.js";
import { OutputFolder } from "./output_folder.js";
import { progressLine } from "./progress_line.js";
import { describeGrid, seriesFacts, sizeText } from "./report.js";
import { UsageError } from "./usage_error.js";
import { warn } from "./warn.js";

const accepted = {
  series: { type: "string" },
  allow: { type: "string" },
  "skip-broken": { type: "boolean" },
  dtype: { type: "string" },
  clip: { type: "boolean" },
  threads: { type: "string" },
  json: { type: "boolean" },
} as const;

/** Longer endings first: ".nii.gz" ends in ".gz" too. */
const endings: readonly (readonly [string, FileFormat])[] = [
  [".nii.gz", "nifti"],
  [".nii", "nii"],
  [".nrrd", "nrrd"],
  [".mha", "mha"],
  [".npy", "npy"],
];

/** `hounsfield convert STUDY OUT`: one series as one file, of the format that its name says. */
export async function convertCommand(args: string[], signal: AbortSignal): Promise<void> {
  const { values, positionals } = parse(args, accepted);
  if (positionals.length !== 2)
    throw new UsageError(`expected STUDY and OUT, got ${positionals.join(", ") || "nothing"}`);
  const [study, path] = positionals;
  const out = outputFile(path, "OUT");
  const [ending, format] = endings.find(([end]) => out.name.toLowerCase().endsWith(end)) ?? [];
  if (ending === undefined || format === undefined || basename(out.name).length === ending.length)
    throw new UsageError(
      `OUT takes a name that ends in ${endings.map(([end]) => end).join(", ")}, got "${path}"`,
    );
  const dtype = oneOf(["int16", "float32"], values.dtype ?? "int16", "--dtype");
  const allow = repairs(values.allow);
  // Nothing is computed: opening a GPU would take longer than what it could save.
  const processor = engineOptions({ device: "cpu", threads: values.threads });
  const control = { signal, onProgress: progressLine() };
  const broken = values["skip-broken"] ? "list" : "refuse";
  const found = await listSeries(await openSources(study, control), { allow, broken, ...control });
  warn(found.diagnostics);
  const series = chooseSeries(found.series, values.series);
  const engine = await openChosenEngine(processor);
  const folder = new OutputFolder(out.folder);
  try {
    const sink = {
      async array(output: Parameters<typeof arrayFile>[1] & { slabs: Parameters<typeof writeArray>[2] }) {
        const file = arrayFile(format, output);
        if (file) await writeArray(folder, [{ ...file, name: out.name }], output.slabs);
      },
      image: async () => {},
    };
    const result = await preprocess(engine, series, { dtype, clip: values.clip, sink, ...control });
    signal.throwIfAborted();
    folder.publish();
    const report = {
      ...seriesFacts(series),
      geometry: describeGrid(result.grid),
      values: result.values,
      diagnostics: [...found.diagnostics, ...series.diagnostics],
      outputs: folder.files,
    };
    process.stdout.write(values.json ? `${JSON.stringify(report)}\n` : summary(report, path));
  } finally {
    folder.discard();
    engine.destroy();
  }
}

interface Converted {
  readonly geometry: ReturnType<typeof describeGrid>;
  readonly values: { readonly units: string };
  readonly diagnostics: readonly { readonly severity: string; readonly message: string }[];
  readonly outputs: readonly { readonly bytes: number }[];
}

function summary({ geometry, values, diagnostics, outputs: [file] }: Converted, path: string): string {
  const size = geometry.sizeXyz.join(" x ");
  const spacing = geometry.spacingXyzMm.map((mm) => Number(mm.toPrecision(6))).join(" x ");
  const notes = diagnostics.map(({ severity, message }) => `${severity}: ${message}\n`).join("");
  return `\n${path}: ${size} voxels of ${spacing} mm, ${values.units}, ${sizeText(file.bytes)}\n${notes}`;
}
