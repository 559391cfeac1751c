// What it costs to list a folder, and archives of it: from paths to series with their geometry, no pixels
// read.
//
//   npm run build && node bench/list.js [FILES] [RUNS]
//
// Makes FILES (10,000) CT slices of 512 x 512, uncompressed, with headers of 4 KB and pixels that were never
// written (sparse), four series in four folders; a zip and a tar of the first 600 of them (300 MB). Each is
// listed RUNS times in turn with the way most programs take, reading each file whole and parsing it by
// dicom-parser. Files are in the page cache after the first round, which is not counted.
import {
  closeSync,
  ftruncateSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  promises,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import dicomParser from "dicom-parser";
import { listSeries, openSources } from "hounsfield";
import { interleave, stopwatch, summary } from "./timing.js";

const files = Number(process.argv[2] ?? 10_000);
const runs = Number(process.argv[3] ?? 3);
const PIXEL_BYTES = 512 * 512 * 2;
const root = mkdtempSync(join(tmpdir(), "hounsfield-bench-"));

/** @param {number} group @param {number} number @param {string} vr @param {string | number | Buffer} value */
function element(group, number, vr, value) {
  const bytes =
    typeof value === "number"
      ? Buffer.from([value & 255, value >> 8])
      : typeof value === "string"
        ? Buffer.from(value)
        : value;
  const body = bytes.length % 2 === 0 ? bytes : Buffer.concat([bytes, Buffer.from(vr === "UI" ? "\0" : " ")]);
  const isLong = vr === "OB" || vr === "OW";
  const head = Buffer.alloc(isLong ? 12 : 8);
  head.writeUInt16LE(group, 0);
  head.writeUInt16LE(number, 2);
  head.write(vr, 4);
  if (isLong) head.writeUInt32LE(vr === "OW" ? PIXEL_BYTES : body.length, 8);
  else head.writeUInt16LE(body.length, 6);
  return vr === "OW" ? head : Buffer.concat([head, body]);
}

/** @param {number} series @param {number} z */
function header(series, z) {
  return Buffer.concat([
    Buffer.alloc(128),
    Buffer.from("DICM"),
    element(0x0002, 0x0010, "UI", "1.2.840.10008.1.2.1"),
    element(0x0008, 0x0016, "UI", "1.2.840.10008.5.1.4.1.1.2"),
    element(0x0008, 0x0018, "UI", `1.2.3.${series}.${z}`),
    element(0x0008, 0x0060, "CS", "CT"),
    element(0x0009, 0x1001, "OB", Buffer.alloc(3300)),
    element(0x0020, 0x000d, "UI", "1.2.3"),
    element(0x0020, 0x000e, "UI", `1.2.3.${series}`),
    element(0x0020, 0x0032, "DS", `0\\0\\${z}`),
    element(0x0020, 0x0037, "DS", "1\\0\\0\\0\\1\\0"),
    element(0x0020, 0x1041, "DS", String(z)),
    element(0x0028, 0x0002, "US", 1),
    element(0x0028, 0x0004, "CS", "MONOCHROME2"),
    element(0x0028, 0x0010, "US", 512),
    element(0x0028, 0x0011, "US", 512),
    element(0x0028, 0x0030, "DS", "0.7\\0.7"),
    element(0x0028, 0x0100, "US", 16),
    element(0x0028, 0x0101, "US", 12),
    element(0x0028, 0x0102, "US", 11),
    element(0x0028, 0x0103, "US", 0),
    element(0x0028, 0x1052, "DS", "-1024"),
    element(0x0028, 0x1053, "DS", "1"),
    element(0x7fe0, 0x0010, "OW", ""),
  ]);
}

/**
 * Writes parts at growing offsets, leaving out what is zero.
 * @param {string} path
 */
function sparseFile(path) {
  const file = openSync(path, "w");
  let at = 0;
  return {
    at: () => at,
    write: (/** @type {Uint8Array} */ bytes) => (at += writeSync(file, bytes, 0, bytes.length, at)),
    skip: (/** @type {number} */ count) => (at += count),
    close() {
      ftruncateSync(file, at);
      closeSync(file);
    },
  };
}

function writeFolder() {
  const folder = join(root, "folder");
  for (let series = 0; series < 4; series++) mkdirSync(join(folder, `series ${series}`), { recursive: true });
  for (let i = 0; i < files; i++) {
    const out = sparseFile(join(folder, `series ${i % 4}`, `IM${i >> 2}`));
    out.write(header(i % 4, i >> 2));
    out.skip(PIXEL_BYTES);
    out.close();
  }
  return folder;
}

/**
 * Stored members. Checksums are left out, as nobody asks for them here.
 * @param {number} count
 */
function writeZip(count) {
  const path = join(root, "study.zip");
  const out = sparseFile(path);
  const entries = [];
  for (let z = 0; z < count; z++) {
    const head = header(0, z);
    const name = Buffer.from(`IM${z}`);
    const local = Buffer.alloc(30);
    const size = head.length + PIXEL_BYTES;
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(name.length, 26);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt32LE(size, 20);
    entry.writeUInt32LE(size, 24);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt32LE(out.at(), 42);
    entries.push(entry, name);
    for (const part of [local, name, head]) out.write(part);
    out.skip(PIXEL_BYTES);
  }
  const list = Buffer.concat(entries);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(list.length, 12);
  end.writeUInt32LE(out.at(), 16);
  out.write(list);
  out.write(end);
  out.close();
  return path;
}

/** @param {number} count */
function writeTar(count) {
  const path = join(root, "study.tar");
  const out = sparseFile(path);
  for (let z = 0; z < count; z++) {
    const head = header(0, z);
    const size = head.length + PIXEL_BYTES;
    const block = Buffer.alloc(512);
    block.write(`IM${z}`, 0);
    block.write(`${size.toString(8).padStart(11, "0")}\0`, 124);
    block.write("        0", 148);
    block.write(
      `${block
        .reduce((sum, byte) => sum + byte, 0)
        .toString(8)
        .padStart(6, "0")}\0 `,
      148,
    );
    out.write(block);
    out.write(head);
    out.skip(PIXEL_BYTES + ((512 - (size % 512)) % 512));
  }
  out.skip(1024);
  out.close();
  return path;
}

/** @param {string} path */
async function list(path) {
  const time = stopwatch();
  let bytes = 0;
  const sources = (await openSources(path)).map((source) => ({
    ...source,
    read: async (/** @type {number} */ start, /** @type {number} */ end) => {
      const part = await source.read(start, end);
      bytes += part.length;
      return part;
    },
  }));
  const opened = time().wall;
  const { series } = await listSeries(sources);
  const refused = series.find((one) => one.refusal);
  if (refused) throw refused.refusal;
  return { ...time(), opened, bytes, slices: series.reduce((sum, one) => sum + one.slices.length, 0) };
}

/**
 * Eight files at a time, as ours.
 * @param {string} folder
 */
async function readWhole(folder) {
  const time = stopwatch();
  const names = (await promises.readdir(folder, { recursive: true })).map((name) => join(folder, name));
  const paths = names.filter((name) => statSync(name).isFile());
  let bytes = 0;
  let next = 0;
  const lane = async () => {
    while (next < paths.length) {
      const content = await promises.readFile(paths[next++]);
      bytes += content.length;
      dicomParser.parseDicom(content, { untilTag: "x7fe00010" }).string("x00201041");
    }
  };
  await Promise.all(Array.from({ length: 8 }, lane));
  return { ...time(), opened: 0, bytes, slices: paths.length };
}

try {
  const archived = Math.min(600, files);
  const [folder, zip, tar] = [writeFolder(), writeZip(archived), writeTar(archived)];
  const jobs = [
    { key: "folder", run: () => list(folder) },
    { key: "folder, each file whole, dicom-parser", run: () => readWhole(folder) },
    { key: "zip", run: () => list(zip) },
    { key: "tar", run: () => list(tar) },
  ];
  const results = await interleave(runs, jobs);
  for (const [key, measured] of results) {
    const [{ slices, bytes }] = measured;
    const of = (/** @type {"wall" | "opened" | "cpu"} */ name) =>
      Math.round(summary(measured.map((one) => one[name])).median);
    console.log(
      `${key}: ${slices} slices, ${(bytes / 1e6).toFixed(0)} MB read, ${of("wall")} ms (${of("opened")} to open), CPU ${of("cpu")} ms`,
    );
  }
  console.log(`peak resident ${Math.round(process.resourceUsage().maxRSS / 1024)} MB`);
} finally {
  rmSync(root, { recursive: true, force: true });
}
