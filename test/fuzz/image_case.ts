import { gunzipSync, gzipSync } from "node:zlib";
import { bytesSource } from "../../src/core/byte_source.js";
import { isHounsfieldError } from "../../src/core/errors.js";
import { readSegmentation } from "../../src/dicom/index.js";
import { imageSeries } from "../../src/dicom/series/image_series.js";
import type { Series } from "../../src/dicom/series/list_series.js";
import type { ImageFile } from "../../src/formats/image.js";
import { imageFormatOf } from "../../src/formats/image_format.js";
import { parseNpy } from "../../src/formats/npy.js";
import { voxelTypes } from "../../src/formats/voxel_types.js";
import { createByteBudget } from "../../src/volume/byte_budget.js";
import { storedFrames } from "../../src/volume/stored_frames.js";
import { seededRandom } from "../support/random.js";
import { mutateImage } from "./image_mutate.js";
import type { ImageSeed } from "./image_seeds.js";
import { applyEdits, mutate } from "./mutate.js";
import { createDecoder, type Outcome } from "./run_case.js";
import { structureOf } from "./structure.js";

/** A damaged file of another format, and what reading it comes to. */
export interface ImageCase {
  readonly seed: string;
  readonly kind: string;
  run(): Promise<Outcome>;
}

/** Case number n of a run with these seeds: the same whenever it is asked for. */
export function createImageCases(seeds: readonly ImageSeed[], runSeed: number): (index: number) => ImageCase {
  return (index) => {
    const random = seededRandom(runSeed * 1_000_003 + index);
    const seed = seeds[index % seeds.length];
    if (seed.grid) {
      const { kind, edits } = mutate(seed.bytes, structureOf(seed.bytes), random);
      return { seed: seed.name, kind, run: () => readImage(seed, applyEdits(seed.bytes, edits)) };
    }
    // A packed file is damaged inside, or as it is.
    const isPacked = seed.isGzip === true && random() < 0.3;
    if (isPacked) {
      const packed = { ...seed, bytes: gzipSync(seed.bytes), headBytes: 20 };
      const { kind, bytes } = mutateImage(packed, random);
      return { seed: seed.name, kind: `packed: ${kind}`, run: () => readImage(seed, bytes) };
    }
    const isBeside = seed.beside !== undefined && random() < 0.2;
    if (seed.beside && isBeside) {
      const voxels = { ...seed, bytes: seed.beside.bytes, headBytes: 0, endsWithVoxels: true };
      const at = Math.floor(random() * voxels.bytes.length);
      const beside = { ...seed.beside, bytes: voxels.bytes.subarray(0, at) };
      return {
        seed: seed.name,
        kind: `voxels cut at ${at}`,
        run: () => readImage({ ...seed, beside }, seed.bytes, true),
      };
    }
    const { kind, bytes, cut } = mutateImage(seed, random);
    const file = seed.isGzip ? gzipSync(bytes, { level: 1 }) : bytes;
    return { seed: seed.name, kind, run: () => readImage(seed, file, cut) };
  };
}

/**
 * Reads a file by the door of all files and by its own parser: values or a refusal of both, and the same
 * values.
 * @param cut voxels are missing
 */
export async function readImage(seed: ImageSeed, bytes: Uint8Array, cut = false): Promise<Outcome> {
  const { name, grid } = seed;
  const outcome = grid
    ? await outcomeOf([name], async () =>
        wrongLabels(await readSegmentation(bytesSource(name, bytes), grid), seed),
      )
    : name.endsWith(".npy")
      ? await outcomeOf([], async () => wrongArray(parseNpy(bytes)))
      : await readByBoth(seed, bytes);
  return cut && outcome.decoded ? { decoded: true, wrong: "decoded although cut" } : outcome;
}

async function readByBoth(seed: ImageSeed, bytes: Uint8Array): Promise<Outcome> {
  const { name, beside } = seed;
  const whole = unpacked(bytes);
  let image: ImageFile | undefined;
  const parsed = await outcomeOf([], async () => {
    image = whole && (await imageFormatOf(name).parse(whole, beside?.bytes));
    return image && wrongImage(image);
  });
  if (parsed.wrong) return { ...parsed, wrong: `parser: ${parsed.wrong}` };
  return outcomeOf(beside ? [name, beside.name] : [name], async () => {
    const others = beside ? [bytesSource(beside.name, beside.bytes)] : [];
    const series = await imageSeries(bytesSource(name, bytes), others);
    const values = await firstVolume(series[0]);
    if (!whole) return undefined;
    return image ? wrongSeries(series, values, image) : "decoded what its parser refuses";
  });
}

/** As the parser is given it; undefined where it cannot be unpacked to its end. */
function unpacked(bytes: Uint8Array): Uint8Array | undefined {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: 2 ** 26 });
  } catch {
    return undefined;
  }
}

function wrongImage({ grid, volumes, dtype, slope, intercept }: ImageFile): string | undefined {
  const count = grid.size[0] * grid.size[1] * grid.size[2];
  const Kind = voxelTypes[dtype].make(new ArrayBuffer(8)).constructor;
  for (const volume of volumes) {
    if (volume.length !== count) return `${volume.length} values for ${grid.size.join(" x ")}`;
    if (volume.constructor !== Kind) return `${volume.constructor.name} for ${dtype}`;
  }
  const numbers = [...grid.spacingMm, ...grid.originMm, ...grid.direction, slope, intercept];
  if (!numbers.every(Number.isFinite) || slope === 0) return `numbers that are none: ${numbers.join()}`;
  return volumes.length > 0 ? undefined : "no volume";
}

const decode = createDecoder();

async function firstVolume({ slices }: Series): Promise<number[]> {
  const options = { decode, ahead: 0, budget: createByteBudget(2 ** 30) };
  const values: number[] = [];
  let frames = 0;
  for await (const frame of storedFrames(slices[0], options)) {
    values.push(...frame);
    if (++frames === Math.min(slices.length, 16)) break;
  }
  return values;
}

function wrongSeries(series: readonly Series[], values: readonly number[], image: ImageFile) {
  if (series.length !== image.volumes.length)
    return `${series.length} series of ${image.volumes.length} volumes`;
  const [volume] = image.volumes;
  if (image.dtype.startsWith("float")) return undefined;
  const odd = values.findIndex((value, i) => value !== volume[i]);
  return odd < 0 ? undefined : `value ${odd} is ${values[odd]}, its parser's ${volume[odd]}`;
}

function wrongArray({ shape, data }: ReturnType<typeof parseNpy>): string | undefined {
  const count = shape.reduce((product, n) => product * n, 1);
  return data.length === count ? undefined : `${data.length} values for ${shape.join(" x ")}`;
}

function wrongLabels(
  { labels, segments }: Awaited<ReturnType<typeof readSegmentation>>,
  { grid }: ImageSeed,
) {
  const count = grid?.size.reduce((product, n) => product * n, 1);
  if (labels.length !== count) return `${labels.length} labels for ${count}`;
  return segments.length > 0 ? undefined : "no segments";
}

/** @param files one of which a refusal must name; none where the reader knows none */
async function outcomeOf(
  files: readonly string[],
  read: () => Promise<string | undefined>,
): Promise<Outcome> {
  try {
    const wrong = await read();
    return wrong === undefined ? { decoded: true } : { decoded: true, wrong };
  } catch (error) {
    if (!isHounsfieldError(error))
      return { decoded: false, wrong: `untagged: ${error instanceof Error ? error.stack : String(error)}` };
    const { code, message, fields } = error;
    if (code === "internal") return { decoded: false, code, wrong: `untagged: ${message}` };
    if (message.includes("\n") || message.length > 1000)
      return { decoded: false, code, wrong: `not in one line: ${message.slice(0, 300)}` };
    // A file that is not there is named by its own name.
    const isNamed =
      code === "io" || files.some((file) => fields.file === file && message.startsWith(`${file}: `));
    if (files.length > 0 && !isNamed)
      return { decoded: false, code, wrong: `does not name its file: ${message}` };
    return { decoded: false, code };
  }
}
