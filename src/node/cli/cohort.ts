import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { version } from "../../core/version.js";
import { findStudies, type StudyPlace } from "../cohort/find_studies.js";
import { readReports, slicesCsv, studiesCsv, studiesJsonl } from "../cohort/manifest.js";
import { type Recipe, recipeHash } from "../cohort/recipe.js";
import { buildHash } from "../cohort/resume.js";
import { type EndedStudy, runCohort } from "../cohort/run_cohort.js";
import { inShard, type Shard } from "../cohort/shard.js";
import type { StudyReport } from "../cohort/study_report.js";
import { monaiDatalist, nnunetDataset } from "../cohort/training_lists.js";
import type { WorkerSetup } from "../cohort/worker.js";
import { oneOf, onePositional, parse, parseShard, required, wholeNumber } from "./arguments.js";
import { cohortProgress } from "./cohort_progress.js";
import { exitCode } from "./exit_codes.js";
import { OutputFolder } from "./output_folder.js";
import { readRecipe } from "./recipe_file.js";
import { table } from "./table.js";

/** `hounsfield cohort DATASET --out DIR --recipe FILE.json ...`: see help/cohort.ts and docs/cohorts.md. */
export async function cohortCommand(args: string[], signal: AbortSignal): Promise<number> {
  const { values, positionals } = parse(args, {
    out: { type: "string" },
    recipe: { type: "string" },
    workers: { type: "string" },
    shard: { type: "string" },
    names: { type: "string" },
    labels: { type: "string" },
    "labels-version": { type: "string" },
    json: { type: "boolean" },
  } as const);
  const dataSet = onePositional(positionals, "DATASET");
  const out = required(values.out, "--out DIR");
  const recipe = readRecipe(required(values.recipe, "--recipe FILE.json"));
  const shard = values.shard === undefined ? undefined : parseShard(values.shard);
  const workers =
    values.workers === undefined
      ? availableParallelism()
      : wholeNumber(values.workers, [1, 256], "--workers");
  const names = oneOf(["ordinal", "folder"], values.names ?? "ordinal", "--names");
  const studies = findStudies(dataSet, names).filter(({ key }) => !shard || inShard(shard, key));
  const own = new OutputFolder(shard ? join(out, ".shards", shardName(shard)) : out, { exclusive: true });
  try {
    // Takes the lock: two runs on one folder would do everything twice.
    await own.write("recipe.json", [Buffer.from(`${JSON.stringify(recipe, null, 2)}\n`)]);
    const setup = labelSetup(values.labels, values["labels-version"]);
    const ended = await runAll(studies, { out, recipe, workers, setup, signal });
    const counts = countsOf(ended.map(({ report }) => report));
    await writeTimes(own, ended);
    if (!shard) await writeManifests(own, out, recipe, new Set(studies.map(({ id }) => id)));
    own.publish();
    const earlier = ended.filter(({ times }) => times === undefined).length;
    const summary = { studies: studies.length, ...counts, earlier };
    process.stdout.write(values.json ? `${JSON.stringify(summary)}\n` : summaryText(summary, ended, out));
    return codeOf(counts);
  } finally {
    own.discard();
  }
}

/** `hounsfield merge DIR`: the manifests of all studies that shards have left there. */
export async function mergeCommand(args: string[]): Promise<number> {
  const { values, positionals } = parse(args, { recipe: { type: "string" } });
  const out = onePositional(positionals, "DIR");
  const recipe = readRecipe(required(values.recipe, "--recipe FILE.json"));
  const own = new OutputFolder(out, { exclusive: true });
  try {
    await own.write("recipe.json", [Buffer.from(`${JSON.stringify(recipe, null, 2)}\n`)]);
    const reports = await writeManifests(own, out, recipe);
    own.publish();
    process.stdout.write(`${reports.length} studies in ${out}/studies.csv\n`);
    return codeOf(countsOf(reports));
  } finally {
    own.discard();
  }
}

interface Settings {
  readonly out: string;
  readonly recipe: Recipe;
  readonly workers: number;
  readonly setup: WorkerSetup;
  readonly signal: AbortSignal;
}

async function runAll(studies: readonly StudyPlace[], settings: Settings): Promise<EndedStudy[]> {
  const ended: EndedStudy[] = [];
  const progress = cohortProgress(studies.length);
  const run = {
    ...settings,
    recipeHash: recipeHash(settings.recipe),
    build: buildHash(join(dirname(fileURLToPath(import.meta.url)), "..")),
    onStudy(study: EndedStudy) {
      ended.push(study);
      progress(study);
    },
  };
  await runCohort(studies, run);
  return ended.sort((a, b) => (a.report.study < b.report.study ? -1 : 1));
}

function labelSetup(folder: string | undefined, text = "updated-1"): WorkerSetup {
  const version = oneOf(["original", "updated-1"], text, "--labels-version");
  return folder === undefined ? {} : { labels: { folder, version } };
}

/**
 * The manifests, of the studies named or of all that are there: the same bytes whatever the number of workers
 * and shards, and however often it was interrupted.
 */
async function writeManifests(
  own: OutputFolder,
  out: string,
  recipe: Recipe,
  ids?: ReadonlySet<string>,
): Promise<StudyReport[]> {
  const reports = readReports(out).filter(({ study }) => ids === undefined || ids.has(study));
  await own.write("studies.jsonl", [Buffer.from(studiesJsonl(reports))]);
  await own.write("studies.csv", [Buffer.from(studiesCsv(reports))]);
  await own.write("slices.csv", [Buffer.from(slicesCsv(reports))]);
  const lists = { monai: ["datalist.json", monaiDatalist], nnunet: ["dataset.json", nnunetDataset] } as const;
  for (const list of recipe.lists ?? []) {
    const [file, listOf] = lists[list];
    await own.write(file, [Buffer.from(listOf(reports, recipe))]);
  }
  const outputs = own.files.filter(({ file }) => file !== "timings.csv");
  const report = {
    hounsfield: version,
    recipe: { sha256: recipeHash(recipe), ...recipe },
    methods: methodsOf(recipe),
    studies: reports.length,
    ...countsOf(reports),
    outputs,
  };
  await own.write("report.json", [Buffer.from(`${JSON.stringify(report, null, 2)}\n`)]);
  return reports;
}

/** What a recipe leaves unsaid, for whoever writes it up. */
function methodsOf(recipe: Recipe): string[] {
  const { spacingMm, exact, window, lungs, crop, outsideLungsHu, slices } = recipe;
  const texts = ["volume: slices in ascending position, int16 HU, direction in LPS, columns are axes"];
  if (spacingMm !== undefined) {
    const how = exact ? "linear in integers (fixed point)" : "linear in f32";
    texts.push(
      `resampled: ${how}, no antialiasing, voxel 0 kept (align "origin"), values beyond the outermost centers clamped, rounded to the nearest integer`,
    );
  }
  if (window)
    texts.push(`windowed: (HU - ${window.lowHu}) / (${window.highHu} - ${window.lowHu}), clamped to 0..1`);
  if (lungs === "refined") texts.push("lungs: 1 right lung, 2 left lung, 3 airways (docs/lung-mask.md)");
  if (lungs === "threshold") texts.push("lungs: 1 by the plain recipe (docs/lung-mask.md)");
  if (crop)
    texts.push(
      `cropped: the box of both lungs and ${crop.marginMm} mm, rounded up to whole voxels, within the image`,
    );
  if (outsideLungsHu !== undefined) texts.push(`outside of both lungs: ${outsideLungsHu} HU`);
  if (slices) texts.push(slicesMethod(slices));
  return texts;
}

function slicesMethod({ sizePx, scale, order = "ascending", masked }: NonNullable<Recipe["slices"]>): string {
  const scaled =
    scale === "slice"
      ? "each from its least to its most value, once more after the next steps"
      : `(HU - ${scale.lowHu}) / (${scale.highHu} - ${scale.lowHu}), clamped to 0..1`;
  const outside = masked ? ", 0 outside of both lungs" : "";
  return `slices: as acquired, ${order} position, ${scaled}${outside}; bilinear without antialiasing to ${sizePx} x ${sizePx}, float32`;
}

/** Apart from the manifests: times are never the same twice. */
async function writeTimes(own: OutputFolder, ended: readonly EndedStudy[]): Promise<void> {
  const rows = ended.flatMap(({ report, times }) =>
    times
      ? `${report.study},${times.seconds.toFixed(3)},${times.cpuSeconds.toFixed(3)},${times.peakResidentBytes}\n`
      : [],
  );
  const text = `study,seconds,cpu_seconds,worker_peak_resident_bytes\n${rows.join("")}`;
  await own.write("timings.csv", [Buffer.from(text)]);
}

function countsOf(reports: readonly StudyReport[]) {
  const count = (status: StudyReport["status"]) =>
    reports.filter((report) => report.status === status).length;
  return { done: count("done"), refused: count("refused"), crashed: count("crashed") };
}

/** What a caller who starts many decides by: crashes are worth another run, refusals are not. */
function codeOf({ refused, crashed }: ReturnType<typeof countsOf>): number {
  if (crashed > 0) return exitCode.crashed;
  return refused > 0 ? exitCode.someRefused : exitCode.done;
}

function shardName({ index, count }: Shard): string {
  return `${index}-of-${count}`;
}

interface Summary extends ReturnType<typeof countsOf> {
  readonly studies: number;
  /** Studies whose results an earlier run had left. */
  readonly earlier: number;
}

function summaryText(
  { done, refused, crashed, studies, earlier }: Summary,
  ended: readonly EndedStudy[],
  out: string,
): string {
  const failed = ended.filter(({ report }) => report.status !== "done");
  const rows = failed.map(({ report: { study, status, error } }) => [
    study,
    status,
    error?.code ?? "",
    [
      ...(error?.allow ? [`"allow": ${JSON.stringify(error.allow)}`] : []),
      ...(error?.broken ? ['"skipBroken": true'] : []),
    ].join(", "),
  ]);
  const list = rows.length > 0 ? `${table(["study", "status", "code", "the recipe could say"], rows)}\n` : "";
  return `\n${list}${done} of ${studies} studies done, ${refused} refused, ${crashed} crashed; ${earlier} were there before\nmanifest: ${out}/studies.csv\n`;
}
