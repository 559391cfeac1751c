// Damages small files of every transfer syntax and reads them: no crash, no hang, no untagged error, no
// made-up values, no memory beyond its bound.
//   node scripts/fuzz.js [--cases 100000] [--seed 1] [--from 0] [--jobs 1] [--formats]
// With --formats small files of other formats and segmentations instead.
// Batches run in processes of their own; a case that goes on for 20 s is ended with its process, and the
// batch goes on behind it.
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { build } from "vite";

const root = fileURLToPath(new URL("..", import.meta.url));
const BATCH = 5000;
const WATCHDOG_MS = 20_000;
/** Making the seeds and loading every codec, on a busy machine. */
const START_MS = 180_000;

const { values } = parseArgs({
  options: {
    cases: { type: "string", default: "100000" },
    seed: { type: "string", default: "1" },
    from: { type: "string", default: "0" },
    jobs: { type: "string", default: "1" },
    formats: { type: "boolean", default: false },
  },
});
const { formats, ...counts } = values;
const numbers = Object.entries(counts).map(([name, text]) => /** @type {const} */ ([name, Number(text)]));
const wrong = numbers.find(([, number]) => !Number.isInteger(number) || number < 0);
if (wrong) {
  console.error(`--${wrong[0]} takes a whole number`);
  process.exit(2);
}
const { cases, seed: runSeed, from, jobs } = Object.fromEntries(numbers);

const folder = `${root}/node_modules/.cache/hounsfield-fuzz`;
await build({
  root,
  configFile: false,
  logLevel: "warn",
  build: {
    ssr: "test/fuzz/child.ts",
    outDir: folder,
    emptyOutDir: true,
    target: "node20",
    rollupOptions: { output: { entryFileNames: "[name].js", format: "es" } },
  },
});

/** @typedef {Readonly<Record<string, unknown>> & { readonly index: number }} CaseName */
/**
 * What a child says of the case that it is at.
 * @typedef {{ readonly kind: "start", readonly name: CaseName }
 * | { readonly kind: "wrong", readonly wrong: string, readonly name: CaseName }
 * | { readonly kind: "outcome", readonly outcome: string, readonly peakBytes: number }
 * | { readonly kind: "end" }} Message
 */

/** @type {Record<string, number>} */
const outcomes = {};
/** @type {string[]} */
const findings = [];
let done = 0;
let peakBytes = 0;
const start = performance.now();

/** @param {CaseName} name @param {string} wrong */
function found(name, wrong) {
  findings.push(wrong);
  console.log(JSON.stringify({ wrong, ...name }));
}

/**
 * Runs cases [first, last); resolves to where to go on: `last`, or behind the case that ended the process.
 * @param {number} first
 * @param {number} last
 * @returns {Promise<number>}
 */
function runBatch(first, last) {
  const corpus = `${root}/../shared/data/dicom-corpus`;
  const options = JSON.stringify({ runSeed, from: first, to: last, corpus, formats });
  const child = fork(`${folder}/child.js`, [options], { stdio: ["ignore", "ignore", "inherit", "ipc"] });
  return new Promise((resolve) => {
    /** @type {CaseName} */
    let name = { index: first };
    let ended = false;
    let hung = false;
    /** @type {NodeJS.Timeout | undefined} */
    let timer;
    const watch = (/** @type {number} */ milliseconds) => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        hung = true;
        child.kill("SIGKILL");
      }, milliseconds);
    };
    watch(START_MS);
    child.on("message", (sent) => {
      const message = /** @type {Message} */ (sent);
      watch(WATCHDOG_MS);
      if (message.kind === "start") name = message.name;
      if (message.kind === "wrong") found(name, message.wrong);
      if (message.kind === "end") ended = true;
      if (message.kind !== "outcome") return;
      outcomes[message.outcome] = (outcomes[message.outcome] ?? 0) + 1;
      peakBytes = Math.max(peakBytes, message.peakBytes);
    });
    child.on("exit", (code, signal) => {
      clearTimeout(timer);
      if (ended) return resolve(last);
      found(name, hung ? `hung for ${WATCHDOG_MS} ms` : `ended the process (${code ?? signal})`);
      resolve(name.index + 1);
    });
  });
}

let next = from;
async function lane() {
  while (next < from + cases) {
    const first = next;
    const last = Math.min(first + BATCH, from + cases);
    next = last;
    for (let at = first; at < last; ) at = await runBatch(at, last);
    done += last - first;
    const seconds = (performance.now() - start) / 1000;
    console.error(
      `${done}/${cases} cases, ${findings.length} findings, ${(done / seconds).toFixed(0)} a second`,
    );
  }
}
await Promise.all(Array.from({ length: Math.max(1, jobs) }, lane));

console.log(`${cases} cases, seed ${runSeed}: ${JSON.stringify(outcomes)}`);
console.log(`largest growth of a process: ${(peakBytes / 2 ** 20).toFixed(0)} MiB`);
console.log(`${findings.length} findings`);
process.exit(findings.length === 0 ? 0 : 1);
