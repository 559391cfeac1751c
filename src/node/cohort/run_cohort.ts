import { rmSync } from "node:fs";
import { join } from "node:path";
import { OutputFolder } from "../cli/output_folder.js";
import type { StudyPlace } from "./find_studies.js";
import type { Recipe } from "./recipe.js";
import { earlierReport, inputsFingerprint, noteProvenance, type Provenance } from "./resume.js";
import { failedReport, type StudyReport } from "./study_report.js";
import type { StudyTimes, WorkerSetup } from "./worker.js";
import { startWorker, type WorkerProcess } from "./worker_process.js";

export interface CohortRun {
  readonly out: string;
  readonly recipe: Recipe;
  readonly recipeHash: string;
  readonly build: string;
  readonly workers: number;
  readonly setup: WorkerSetup;
  readonly signal: AbortSignal;
  onStudy(ended: EndedStudy): void;
}

/** How a study ended in this run. */
export interface EndedStudy {
  readonly report: StudyReport;
  /** Absent where an earlier run's results still hold. */
  readonly times?: StudyTimes;
}

/** A study that kills its worker is tried once more, by a new one: it may have been another's fault. */
const TRIES = 2;

/**
 * Does the studies, as many at a time as there are workers, in any order; what each comes to is the same
 * whatever their number. One that fails stops no other. Throws the signal's reason, and `io` where nothing
 * can be written.
 */
export async function runCohort(studies: readonly StudyPlace[], run: CohortRun): Promise<void> {
  const queue = studies.values();
  const failure = new AbortController();
  const signal = AbortSignal.any([run.signal, failure.signal]);
  const work = async () => {
    const worker = lazyWorker(run.setup);
    const onAbort = () => worker.kill();
    signal.addEventListener("abort", onAbort);
    try {
      for (const study of queue) {
        signal.throwIfAborted();
        run.onStudy(await doStudy(study, run, worker, signal));
      }
    } catch (error) {
      failure.abort(error);
      throw error;
    } finally {
      signal.removeEventListener("abort", onAbort);
      await worker.end();
    }
  };
  const all = Array.from({ length: Math.min(run.workers, studies.length) }, work);
  const ends = await Promise.allSettled(all);
  run.signal.throwIfAborted();
  const failed = ends.find((end) => end.status === "rejected");
  if (failed) throw failed.reason;
}

async function doStudy(
  { id, key, path }: StudyPlace,
  run: CohortRun,
  worker: LazyWorker,
  signal: AbortSignal,
): Promise<EndedStudy> {
  const { out, recipe, recipeHash } = run;
  const provenance: Provenance = { inputs: inputsFingerprint(path), recipe: recipeHash, build: run.build };
  const earlier = earlierReport(out, id, provenance);
  if (earlier) return { report: earlier };
  const job = { study: id, key, path, out: join(out, id), recipe, recipeHash };
  for (let tries = 1; ; tries++) {
    const answer = await (await worker.get()).work(job);
    signal.throwIfAborted();
    if (answer.kind === "report") {
      noteProvenance(out, id, provenance);
      return answer;
    }
    worker.kill();
    if (tries === TRIES) {
      const message = answer.kind === "failure" ? answer.message : "";
      if (message) process.stderr.write(`${id}: ${message}\n`);
      return { report: await reportCrash(id, run) };
    }
  }
}

/** Nothing else stays of it: the next run tries again. */
async function reportCrash(id: string, { out, recipeHash }: CohortRun): Promise<StudyReport> {
  const report = failedReport(id, recipeHash, "crashed", { code: "internal" });
  const folder = new OutputFolder(join(out, id), { exclusive: true });
  rmSync(join(out, ".resume", `${id}.json`), { force: true });
  try {
    await folder.write("report.json", [Buffer.from(`${JSON.stringify(report, null, 2)}\n`)]);
    folder.publish();
  } finally {
    folder.discard();
  }
  return report;
}

interface LazyWorker {
  get(): Promise<WorkerProcess>;
  end(): Promise<void>;
  kill(): void;
}

/** A process is started with the first study that needs one, and again after one that died. */
function lazyWorker(setup: WorkerSetup): LazyWorker {
  let worker: Promise<WorkerProcess> | undefined;
  return {
    get() {
      worker ??= startWorker(setup);
      return worker;
    },
    async end() {
      await worker?.then(
        (started) => started.end(),
        () => {},
      );
    },
    kill() {
      worker?.then(
        (started) => started.kill(),
        () => {},
      );
      worker = undefined;
    },
  };
}
