import { gzipSync } from "node:zlib";
import { corpusSeeds, createCases } from "./cases.js";
import { createImageCases, readImage } from "./image_case.js";
import { imageSeeds } from "./image_seeds.js";
import { createCaseRunner, type Outcome } from "./run_case.js";
import { fuzzSeeds } from "./seeds.js";

// A batch of cases in a process of its own, which scripts/fuzz.js starts and watches. Each case is announced
// before it runs, so that a hang or a crash has its number.

/** More than that of processor time is a hang, whatever else the machine does. */
const MOST_CPU_MS = 2000;
/** What all cases of a batch may take above what reading the seeds takes. */
const MOST_BYTES = 512 * 2 ** 20;

export interface BatchOptions {
  readonly runSeed: number;
  readonly from: number;
  readonly to: number;
  /** Folder of the corpus, whose small files are damaged too. */
  readonly corpus: string;
  /** Files of other formats instead of DICOM. */
  readonly formats: boolean;
}

interface DamagedFile {
  readonly seed: string;
  readonly kind: string;
  readonly edits: string;
  run(): Promise<Outcome>;
}

/** What a case is: enough to run it again, and for the table of regressions. */
export interface CaseName {
  readonly index: number;
  readonly seed: string;
  readonly kind: string;
  /** As JSON; of other formats none: the run's seed and the index make the case again. */
  readonly edits: string;
}

export type BatchMessage =
  | { readonly kind: "start"; readonly name: CaseName }
  | { readonly kind: "outcome"; readonly outcome: string; readonly peakBytes: number }
  | { readonly kind: "wrong"; readonly wrong: string }
  | { readonly kind: "end" };

function send(message: BatchMessage): void {
  process.send!(message);
}

/** Cases by their number, once each seed has been read as it is. */
async function casesOf({ runSeed, corpus, formats }: BatchOptions): Promise<(index: number) => DamagedFile> {
  if (formats) {
    const seeds = await imageSeeds();
    for (const seed of seeds) await readImage(seed, seed.isGzip ? gzipSync(seed.bytes) : seed.bytes);
    const caseOf = createImageCases(seeds, runSeed);
    return (index) => ({ ...caseOf(index), edits: "" });
  }
  const seeds = [...(await fuzzSeeds()), ...corpusSeeds(corpus)];
  const runner = createCaseRunner();
  for (const { bytes } of seeds) await runner.run(bytes, false);
  const caseOf = createCases(seeds, runSeed);
  return (index) => {
    const { seed, mutation, bytes } = caseOf(index);
    const { kind, edits, cut } = mutation;
    return { seed, kind, edits: JSON.stringify(edits), run: () => runner.run(bytes, cut === true) };
  };
}

async function runBatch(options: BatchOptions): Promise<void> {
  const { from, to } = options;
  const caseOf = await casesOf(options);
  const peak = () => process.resourceUsage().maxRSS * 1024;
  const start = peak();
  let isOverMemory = false;
  for (let index = from; index < to; index++) {
    const { seed, kind, edits, run } = caseOf(index);
    send({ kind: "start", name: { index, seed, kind, edits } });
    const wrong = (what: string) => send({ kind: "wrong", wrong: what });
    const before = process.cpuUsage();
    const outcome = await run();
    const { user, system } = process.cpuUsage(before);
    const peakBytes = peak() - start;
    if (outcome.wrong) wrong(outcome.wrong);
    if (user + system > MOST_CPU_MS * 1000) wrong(`took ${Math.round((user + system) / 1000)} ms`);
    if (!isOverMemory && peakBytes > MOST_BYTES) {
      isOverMemory = true;
      wrong(`took the process ${Math.round(peakBytes / 2 ** 20)} MiB above its start`);
    }
    send({ kind: "outcome", outcome: outcome.decoded ? "decoded" : (outcome.code ?? "untagged"), peakBytes });
  }
  send({ kind: "end" });
}

await runBatch(JSON.parse(process.argv[2]));
process.disconnect!();
