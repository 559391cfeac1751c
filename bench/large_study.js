// A study larger than memory through `preprocess`, and what it took: resident bytes and CPU seconds. Slices
// are made when they are read (16 of the phantom, over and over, uncompressed), so that nothing is stored;
// with --chest they are a whole chest in which eight slices are alike, whose pixels lie in a temporary file.
//
//   node bench/large_study.js [--size 1024,1024,2000] [--memory BYTES] [--threads 2] [--spacing MM]
//     [--window -1000:400] [--lungs threshold|refined] [--mip] [--volume] [--chest] [--json FILE]
//
// Peak resident bytes are of this process with its threads, as the system counts them (`maxRSS`), which
// begins with some 60 MB of Node and the library.
import { mkdtempSync, openSync, readSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { chooseSeries, listSeries, openEngine, preprocess } from "hounsfield";
import { chestPhantom, phantomSeries } from "hounsfield/phantom";

const { values } = parseArgs({
  options: {
    size: { type: "string", default: "1024,1024,2000" },
    memory: { type: "string" },
    threads: { type: "string", default: "2" },
    spacing: { type: "string" },
    window: { type: "string" },
    lungs: { type: "string" },
    mip: { type: "boolean" },
    volume: { type: "boolean" },
    chest: { type: "boolean" },
    json: { type: "string" },
  },
});
const size = values.size.split(",").map(Number);
const [nx, ny, nz] = size;
const kinds = values.chest ? Math.ceil(nz / 8) : 16;

/** Files of explicit little endian whose pixels are made when they are read. */
function lazyFiles() {
  /** @type {[number, number, number]} */
  const spacingMm = [360 / nx, 360 / ny, values.chest ? 300 / nz : 0.5];
  const thick = values.chest ? 8 : 1;
  const chest = chestPhantom({
    size: [nx, ny, kinds],
    spacingMm: [spacingMm[0], spacingMm[1], thick * spacingMm[2]],
  });
  const pixelsOf = storedPixels(chest);
  // Headers as of small images, with the numbers of large ones put in.
  /** @type {[number, number, number]} */
  const smallSize = [16, 16, nz];
  const small = {
    ...chest,
    grid: { ...chest.grid, spacingMm, size: smallSize },
    slice: () => new Int16Array(256),
  };
  return [...phantomSeries(small, { transferSyntax: "1.2.840.10008.1.2.1" })].map(({ name, bytes }, i) => {
    const header = bytes.slice(0, bytes.length - 512);
    const view = new DataView(header.buffer);
    view.setUint32(header.length - 4, nx * ny * 2, true);
    for (const [element, count] of [
      [0x0010, ny],
      [0x0011, nx],
    ]) {
      const tag = [0x28, 0, element, 0, 0x55, 0x53, 2, 0];
      const at = header.findIndex((_, at) => tag.every((byte, j) => header[at + j] === byte));
      view.setUint16(at + 8, count, true);
    }
    const k = values.chest ? i >> 3 : i % kinds;
    const bytesOfPixels = nx * ny * 2;
    const read = async (/** @type {number} */ start, /** @type {number} */ end) => {
      const from = Math.max(0, start - header.length);
      const to = Math.max(0, Math.min(bytesOfPixels, end - header.length));
      const part = new Uint8Array(Math.max(0, Math.min(end, header.length) - start) + Math.max(0, to - from));
      const head = header.subarray(start, Math.min(end, header.length));
      part.set(head);
      if (to > from) part.set(pixelsOf(k).subarray(from, to), head.length);
      return part;
    };
    return { name, size: header.length + bytesOfPixels, read };
  });
}

/**
 * Of slice k: in memory where there are few, else in a file that has no name any more.
 * @param {ReturnType<typeof chestPhantom>} chest
 * @returns {(k: number) => Uint8Array}
 */
function storedPixels(chest) {
  const made = (/** @type {number} */ k) =>
    new Uint8Array(Uint16Array.from(chest.slice(k), (hu) => hu + 1024).buffer);
  if (!values.chest) {
    const pixels = Array.from({ length: kinds }, (_, k) => made(k));
    return (k) => pixels[k];
  }
  const path = join(mkdtempSync(join(tmpdir(), "large-study-")), "pixels");
  const file = openSync(path, "w+");
  rmSync(dirname(path), { recursive: true });
  for (let k = 0; k < kinds; k++) writeSync(file, made(k));
  const bytes = new Uint8Array(nx * ny * 2);
  return (k) => {
    readSync(file, bytes, 0, bytes.length, k * bytes.length);
    return bytes;
  };
}

const [lowHu, highHu] = values.window?.split(":").map(Number) ?? [];
const hostBytes = values.memory ? Number(values.memory) : undefined;
const series = chooseSeries((await listSeries(lazyFiles())).series);
const engine = await openEngine({ device: "cpu", threads: Number(values.threads), budget: { hostBytes } });
/** @type {Record<string, unknown>} */
const written = {};
const before = process.cpuUsage();
const start = performance.now();
const result = await preprocess(engine, series, {
  spacingMm: values.spacing ? Number(values.spacing) : undefined,
  window: values.window ? { lowHu, highHu } : undefined,
  lungs: values.lungs === "threshold" || values.lungs === "refined" ? values.lungs : undefined,
  mip: values.mip,
  omit: values.volume ? [] : values.window || values.lungs ? ["volume", "resampled"] : ["volume"],
  sink: {
    async array(/** @type {import("hounsfield").ArrayOutput} */ { name, slabs, summary }) {
      let bytes = 0;
      for await (const slab of slabs) bytes += slab.byteLength;
      written[name] = { bytes, ...(await summary()) };
    },
    async image() {},
  },
});
const { user, system } = process.cpuUsage(before);
const report = {
  size,
  recordBytes: nx * ny * nz * 2,
  budgetBytes: hostBytes,
  peakEngineBytes: result.peakEngineBytes,
  peakResidentBytes: process.resourceUsage().maxRSS * 1024,
  cpuSeconds: (user + system) / 1e6,
  wallSeconds: (performance.now() - start) / 1e3,
  store: result.store,
  lungMl: result.lungMl,
  stages: result.stages,
  written,
};
console.log(JSON.stringify(report, null, 1));
if (values.json) writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`);
engine.destroy();
