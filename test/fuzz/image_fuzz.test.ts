import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { niftiHeader } from "../../src/formats/nifti/nifti_header.js";
import { formatGrids } from "../support/format_grids.js";
import { createImageCases, readImage } from "./image_case.js";
import { type ImageSeed, imageSeeds } from "./image_seeds.js";

// The short form of `npm run fuzz:formats`, in this process: the same cases every time.

const seeds = await imageSeeds();
const CASES = 1500;
const seedOf = (name: string) => {
  const found = seeds.find((seed) => seed.name === name);
  if (!found) throw new Error(`no seed ${name}`);
  return found;
};

test("seeds are valid; what a reader must not do is seen", async () => {
  for (const seed of seeds) {
    const file = seed.isGzip ? gzipSync(seed.bytes) : seed.bytes;
    expect(await readImage(seed, file), seed.name).toEqual({ decoded: true });
  }
  const seed = seedOf("a.nii");
  expect((await readImage(seed, seed.bytes, true)).wrong).toBe("decoded although cut");
  const unread = Object.defineProperty(new Uint8Array(1), "length", {
    get(): number {
      throw new TypeError("no bytes");
    },
  });
  expect((await readImage(seed, unread)).wrong).toMatch(/untagged: TypeError/);
});

test(`${CASES} damaged files: values or a tagged refusal by door and parser alike, none for more than 2 s`, async () => {
  const caseOf = createImageCases(seeds, 1);
  const outcomes = { decoded: 0, refused: 0 };
  const start = process.resourceUsage().maxRSS;
  for (let index = 0; index < CASES; index++) {
    const { seed, kind, run } = caseOf(index);
    const name = `case ${index}: ${seed}, ${kind.slice(0, 200)}`;
    const before = process.cpuUsage();
    const outcome = await run();
    const { user, system } = process.cpuUsage(before);
    expect(outcome.wrong, name).toBeUndefined();
    expect((user + system) / 1e6, name).toBeLessThan(2);
    outcomes[outcome.decoded ? "decoded" : "refused"]++;
  }
  // Damage that is never noticed, or always, would be damage of the wrong kind.
  expect(outcomes.decoded).toBeGreaterThan(CASES / 8);
  expect(outcomes.refused).toBeGreaterThan(CASES / 3);
  expect((process.resourceUsage().maxRSS - start) / 1024).toBeLessThan(512);
});

const latin1 = (bytes: Uint8Array) => Buffer.from(bytes).toString("latin1");

/** A seed with more in its header's text. */
function withText(name: string, at: string, text: string): [ImageSeed, Uint8Array] {
  const seed = seedOf(name);
  expect(latin1(seed.bytes)).toContain(at);
  return [
    seed,
    Buffer.from(
      latin1(seed.bytes).replace(at, () => text + at),
      "latin1",
    ),
  ];
}

function manySlices(dims: readonly number[]): [ImageSeed, Uint8Array] {
  const header = niftiHeader({ grid: { ...formatGrids.oblique, size: [40_000, 1, 1] }, dtype: "int16" });
  const view = new DataView(header.buffer);
  dims.forEach((size, axis) => {
    view.setBigInt64(16 + 8 * axis, BigInt(size), true);
  });
  return [seedOf("gzip.nii.gz"), gzipSync(header)];
}

test.each<[string, () => [ImageSeed, Uint8Array]]>([
  ["60 KB of empty lines took 10 s", () => withText("a.mha", "ElementDataFile", "\r\n".repeat(30_000))],
  ["spaces before a value, and in it", () => withText("a.mha", "DimSize", `A = ${" ".repeat(60_000)}b\n`)],
  ["50,000 fields took 20 s", () => withText("a.nrrd", "encoding", "a: b\n".repeat(50_000))],
  ["100,000 lists of files", () => withText("a.nrrd", "encoding", "data file: LIST\n".repeat(60_000))],
  ["parentheses that none closes", () => withText("a.nrrd", "(", "(".repeat(500_000))],
  ["2^30 slices in a packed file of some hundred bytes", () => manySlices([3, 1, 1, 2 ** 30])],
  ["2^34 volumes in one", () => manySlices([5, 1, 1, 1, 2 ** 17, 2 ** 17])],
  ["what a packed file of that size cannot hold", () => manySlices([3, 512, 512, 2 ** 17])],
])("%s", async (_, make) => {
  const [seed, bytes] = make();
  const before = process.cpuUsage();
  expect((await readImage(seed, bytes)).wrong).toBeUndefined();
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1e6).toBeLessThan(2);
});
