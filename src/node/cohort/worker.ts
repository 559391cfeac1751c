import type { LabelVersion } from "../../cohort/covid_ct_md/read_labels.js";
import { type CovidCtMdLabels, readCovidCtMdLabels } from "../../cohort/covid_ct_md/read_labels.js";
import { openEngine } from "../open_engine.js";
import { openSources } from "../open_sources.js";
import { processStudy, type StudyJob } from "./process_study.js";
import type { StudyReport } from "./study_report.js";

/** What a worker needs before its first job. */
export interface WorkerSetup {
  readonly labels?: { readonly folder: string; readonly version: LabelVersion };
}

/** What a worker answers to a job. */
export type WorkerAnswer =
  | { readonly kind: "report"; readonly report: StudyReport; readonly times: StudyTimes }
  | { readonly kind: "failure"; readonly message: string };

export interface StudyTimes {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peakResidentBytes: number;
}

/**
 * The process that does studies one after another, with one engine on one thread: warm, a study takes a third
 * of what a process of its own would. It ends with its parent.
 */
export async function runWorker(setup: WorkerSetup): Promise<void> {
  const engine = await openEngine({ device: "cpu", threads: 1, workers: 0 });
  const labels = await labelsOf(setup);
  process.on("message", (job: StudyJob) => void answer(engine, job, labels));
  process.once("disconnect", () => process.exit(0));
  process.send?.({ kind: "ready" });
  await new Promise(() => {});
}

async function labelsOf({ labels }: WorkerSetup): Promise<CovidCtMdLabels | undefined> {
  return labels && readCovidCtMdLabels(await openSources(labels.folder), { version: labels.version });
}

async function answer(...[engine, job, labels]: Parameters<typeof processStudy>): Promise<void> {
  const start = performance.now();
  const before = process.cpuUsage();
  const say = (said: WorkerAnswer) => process.send?.(said);
  try {
    const report = await processStudy(engine, job, labels);
    const { user, system } = process.cpuUsage(before);
    const times = {
      seconds: (performance.now() - start) / 1000,
      cpuSeconds: (user + system) / 1e6,
      peakResidentBytes: process.resourceUsage().maxRSS * 1024,
    };
    say({ kind: "report", report, times });
  } catch (error) {
    say({ kind: "failure", message: error instanceof Error ? error.message : String(error) });
  }
}
