// Many studies in a row in one process: does time or memory grow?
//
//   node bench/repeat.js STUDY [--repeats 50] [--threads 1] [--device cpu]
//
// The whole recipe (1 mm, window, plain lung mask, projections) to a sink that drops what it gets; prints
// wall ms and resident MB of each tenth.
import { parseArgs } from "node:util";
import { chooseSeries, folderSources, listSeries, openEngine, preprocess } from "hounsfield";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    repeats: { type: "string", default: "50" },
    threads: { type: "string", default: "1" },
    device: { type: "string", default: "cpu" },
  },
});
const [study] = positionals;
if (!study) {
  console.error("node bench/repeat.js STUDY [--repeats 50] [--threads 1] [--device cpu|gpu]");
  process.exit(2);
}
const { device } = values;
if (device !== "cpu" && device !== "gpu") throw new Error(`--device: got ${device}, accepted cpu, gpu`);
const engine = await openEngine({ device, threads: Number(values.threads) });
/** @type {import("hounsfield").ArraySink} */
const sink = {
  async array({ slabs }) {
    for await (const _ of slabs);
  },
  async image() {},
};
/** @type {Omit<Parameters<typeof preprocess>[2], "sink">} */
const options = { spacingMm: 1, window: { lowHu: -1000, highHu: 400 }, lungs: "threshold", mip: true };
const repeats = Number(values.repeats);
console.log(
  `${engine.adapter.name}\n| repeats | ms each | resident MB | engine bytes held |\n| --- | --- | --- | --- |`,
);
const step = Math.max(1, Math.ceil(repeats / 10));
for (let first = 0; first < repeats; first += step) {
  const start = performance.now();
  for (let i = first; i < Math.min(repeats, first + step); i++) {
    const { series } = await listSeries(await folderSources(study));
    await preprocess(engine, chooseSeries(series), { ...options, sink });
  }
  const each = (performance.now() - start) / Math.min(step, repeats - first);
  const resident = (process.memoryUsage.rss() / 1e6).toFixed(0);
  console.log(
    `| ${first + 1} to ${Math.min(repeats, first + step)} | ${each.toFixed(0)} | ${resident} | ${engine.memory.bytes} |`,
  );
}
engine.destroy();
process.exit(0);
