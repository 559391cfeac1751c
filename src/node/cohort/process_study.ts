import { statSync } from "node:fs";
import { labelSlices } from "../../cohort/covid_ct_md/label_slices.js";
import { patientsInPath } from "../../cohort/covid_ct_md/patient_id.js";
import type { CovidCtMdLabels } from "../../cohort/covid_ct_md/read_labels.js";
import type { ByteSource } from "../../core/byte_source.js";
import { isHounsfieldError } from "../../core/errors.js";
import { chooseSeries } from "../../dicom/series/choose_series.js";
import { listSeries, type Series } from "../../dicom/series/list_series.js";
import { preprocess } from "../../recipes/preprocess.js";
import type { CtEngine } from "../../volume/ct_engine.js";
import { hashedInputs } from "../cli/hashed_inputs.js";
import { OutputFolder } from "../cli/output_folder.js";
import { fileSink } from "../cli/preprocess.js";
import { openSources } from "../open_sources.js";
import { preprocessOptionsOf, type Recipe } from "./recipe.js";
import type { StudyLabels } from "./slice_rows.js";
import { doneReport, failedReport, type StudyReport } from "./study_report.js";

/** What a worker is given to do. */
export interface StudyJob {
  readonly study: string;
  /** The path within the data set, whose folders may name a patient of COVID-CT-MD. */
  readonly key: string;
  readonly path: string;
  readonly out: string;
  readonly recipe: Recipe;
  readonly recipeHash: string;
}

/**
 * Makes of one study what the recipe asks for, in a folder of its own. A study that is refused has a report
 * too; only what is no fault of the study's is thrown: `io` where the output cannot be written, `internal`.
 */
export async function processStudy(
  engine: CtEngine,
  job: StudyJob,
  labels: CovidCtMdLabels | undefined,
): Promise<StudyReport> {
  const folder = new OutputFolder(job.out, { exclusive: true });
  try {
    const report = await doneOrRefused(engine, job, labels, folder);
    // Arrays of a study that was refused half way are no results.
    if (report.status !== "done") folder.discard();
    await folder.write("report.json", [Buffer.from(`${JSON.stringify(report, null, 2)}\n`)]);
    folder.publish();
    return report;
  } finally {
    folder.discard();
  }
}

async function doneOrRefused(
  engine: CtEngine,
  job: StudyJob,
  labels: CovidCtMdLabels | undefined,
  folder: OutputFolder,
): Promise<StudyReport> {
  try {
    return await makeArrays(engine, job, labels, folder);
  } catch (error) {
    if (!isHounsfieldError(error) || error.code === "internal" || isOfOutput(error, job)) throw error;
    const { allow, broken } = error.fields as { allow?: readonly string[]; broken?: unknown };
    const remedy = { ...(allow && { allow }), ...(broken ? { broken: true as const } : {}) };
    return failedReport(job.study, job.recipeHash, "refused", { code: error.code, ...remedy });
  }
}

function isOfOutput(error: Error, { out }: StudyJob): boolean {
  return isHounsfieldError(error, "io") && error.message.includes(out);
}

async function makeArrays(
  engine: CtEngine,
  job: StudyJob,
  labels: CovidCtMdLabels | undefined,
  folder: OutputFolder,
): Promise<StudyReport> {
  const { allow = [], skipBroken = false } = job.recipe;
  const broken = skipBroken ? "list" : "refuse";
  const found = await listSeries(await ownSources(job.path), { allow, broken });
  const series = chooseSeries(found.series);
  const hashed = hashedInputs(series, { hashes: true });
  const sink = fileSink(folder, series, job.recipe.formats ?? ["npy"], job.recipe.lungs);
  const result = await preprocess(engine, hashed.series, { ...preprocessOptionsOf(job.recipe), sink });
  return doneReport({
    study: job.study,
    recipe: job.recipeHash,
    series,
    slices: job.recipe.slices,
    result,
    statistics: sink.statistics,
    labels: labels && labelsOf(labels, series, job.key),
    inputs: await hashed.inputs(),
    outputs: folder.files,
  });
}

/** Of a folder the files directly in it: what is in its folders and archives is other studies. */
async function ownSources(path: string): Promise<ByteSource[]> {
  const sources = await openSources(path);
  return statSync(path).isDirectory() ? sources.filter(({ name }) => !name.includes("/")) : sources;
}

/** None of a patient that has none: most of the data set. */
function labelsOf(labels: CovidCtMdLabels, series: Series, key: string): StudyLabels | undefined {
  const [patient] = patientsInPath(key);
  if (patient === undefined) return undefined;
  try {
    return labelSlices(labels, series, patient);
  } catch (error) {
    if (isHounsfieldError(error, "unknown-patient", "labels-mismatch")) return undefined;
    throw error;
  }
}
