import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { isHounsfieldError } from "../../src/core/errors.js";
import { endOfTileParts, readCodestream } from "../../src/decode/codecs/jpeg_2000/codestream.js";
import { createJpeg2000Codec } from "../../src/decode/codecs/jpeg_2000/jpeg_2000.js";
import { readTiles, type Tile } from "../../src/decode/codecs/jpeg_2000/tiles.js";
import { firstDifference } from "../support/arrays.js";
import { frameOf } from "../support/dct_images.js";
import { dataFolder } from "../support/dicom_fragments.js";
import { openEncoders } from "../support/jpeg_2000_encode.js";
import { randomInteger, seededRandom } from "../support/random.js";

const encoders = await openEncoders();

function tilesOf(bytes: Uint8Array): Tile[] {
  const codestream = readCodestream(bytes);
  endOfTileParts(bytes, codestream);
  return [...readTiles(bytes, codestream)];
}

function blocksOf(tile: Tile) {
  return tile.resolutions.flatMap(({ precincts }) =>
    precincts.flatMap(({ bands }) => bands.flatMap(({ blocks }) => blocks)),
  );
}

/** Every sample lies in one block; every byte is in a packet; none is in two blocks. */
function expectWhole(tiles: readonly Tile[], samples: number): void {
  const blocks = tiles.flatMap(blocksOf);
  expect(blocks.reduce((sum, { x0, y0, x1, y1 }) => sum + (x1 - x0) * (y1 - y0), 0)).toBe(samples);
  expect(tiles.map(({ bytesLeft }) => bytesLeft)).toEqual(tiles.map(() => 0));
  const pieces = blocks.flatMap(({ segments }) => segments.flatMap((segment) => segment.pieces));
  pieces.sort((a, b) => a.offset - b.offset);
  for (const [i, { offset, length }] of pieces.entries()) {
    expect(offset + length).toBeLessThanOrEqual(pieces[i + 1]?.offset ?? Number.POSITIVE_INFINITY);
  }
}

/** Place, planes, passes and bytes of each block, which do not depend on the order of the packets. */
function contentOf(bytes: Uint8Array): string[] {
  const contents = tilesOf(bytes).flatMap((tile) =>
    tile.resolutions.flatMap(({ precincts }, resolution) =>
      precincts.flatMap(({ bands }) =>
        bands.flatMap(({ blocks }, band) =>
          blocks.map(({ x0, y0, zeroPlanes, segments }) =>
            JSON.stringify([
              [tile.x0, tile.y0, resolution, band, x0, y0, zeroPlanes],
              segments.map(({ passes, pieces }) => [
                passes,
                pieces.map(({ offset, length }) => Buffer.from(bytes.subarray(offset, offset + length))),
              ]),
            ]),
          ),
        ),
      ),
    ),
  );
  return contents.sort();
}

function imageOf(rows: number, columns: number, seed: number) {
  const random = seededRandom(seed);
  const samples = Uint16Array.from({ length: rows * columns }, () => randomInteger(random, 0, 4095));
  return { rows, columns, precision: 12, samples };
}

describe.each(["jpeg2000", "htj2k"] as const)("packets of %s", (kind) => {
  test("in all five progressions hold the same blocks", () => {
    const image = imageOf(151, 203, 1);
    const streams = [0, 1, 2, 3, 4].map((progression) =>
      encoders[kind](image, { progression, decompositions: 4 }),
    );
    expect(streams.map((bytes) => bytes[markerAt(bytes, 0x52) + 5])).toEqual([0, 1, 2, 3, 4]);
    for (const bytes of streams) expectWhole(tilesOf(bytes), 151 * 203);
    for (const bytes of streams) expect(contentOf(bytes)).toEqual(contentOf(streams[0]));
  });

  test.each([
    [1, 1, 0],
    [16, 19, 4],
    [67, 8, 3],
  ])("of %i x %i samples in %i levels are read whole", (rows, columns, decompositions) => {
    expectWhole(tilesOf(encoders[kind](imageOf(rows, columns, 2), { decompositions })), rows * columns);
  });
});

function markerAt(bytes: Uint8Array, low: number): number {
  return bytes.findIndex((byte, i) => byte === 0xff && bytes[i + 1] === low);
}

function segmentOf(low: number, ...content: number[]): number[] {
  return [0xff, low, (content.length + 2) >> 8, (content.length + 2) & 255, ...content];
}

/** With `inserted` put before the marker, in the main header (SOT) or in the tile-part's (SOD). */
function withSegment(bytes: Uint8Array, before: number, inserted: readonly number[]): Uint8Array {
  const at = markerAt(bytes, before);
  const result = Uint8Array.from([...bytes.subarray(0, at), ...inserted, ...bytes.subarray(at)]);
  if (before === 0x93) {
    const view = new DataView(result.buffer);
    const length = markerAt(bytes, 0x90) + 6;
    view.setUint32(length, view.getUint32(length) + inserted.length);
  }
  return result;
}

/** The stream's packet headers, and the stream without them. */
function separateHeaders(bytes: Uint8Array) {
  const first = markerAt(bytes, 0x93) + 2;
  const end = endOfTileParts(bytes, readCodestream(bytes));
  const isBody = new Uint8Array(bytes.length).fill(1);
  isBody.fill(0, first, end);
  for (const { segments } of tilesOf(bytes).flatMap(blocksOf)) {
    for (const { offset, length } of segments.flatMap((segment) => segment.pieces)) {
      isBody.fill(1, offset, offset + length);
    }
  }
  const headers = Array.from(bytes.filter((_, i) => !isBody[i]));
  const rest = bytes.filter((_, i) => isBody[i]);
  new DataView(rest.buffer).setUint32(
    markerAt(bytes, 0x90) + 6,
    end - markerAt(bytes, 0x90) - headers.length,
  );
  return { headers, rest };
}

describe("segments no encoder here writes", async () => {
  const image = imageOf(150, 130, 7);
  const plain = encoders.jpeg2000(image, { decompositions: 3, progression: 1 });
  const { headers, rest } = separateHeaders(plain);
  const cod = markerAt(plain, 0x52);
  const style = Array.from(plain.subarray(cod + 9, cod + 14));
  const qcd = markerAt(plain, 0x5c);
  const steps = Array.from(plain.subarray(qcd + 4, qcd + 2 + plain[qcd + 3]));
  const changed = (at: number, value: number) => plain.map((byte, i) => (i === at ? value : byte));
  const half = headers.length >> 1;
  const packed = [0, 0, headers.length >> 8, headers.length & 255, ...headers];
  const resolutions = (from: number, to: number) => [from, 0, 0, 1, to, 1, 0];
  const streams: [string, Uint8Array][] = [
    ["PPT", withSegment(rest, 0x93, segmentOf(0x61, 0, ...headers))],
    [
      "PPT in two, the second one first",
      withSegment(rest, 0x93, [
        ...segmentOf(0x61, 1, ...headers.slice(half)),
        ...segmentOf(0x61, 0, ...headers.slice(0, half)),
      ]),
    ],
    ["PPM", withSegment(rest, 0x90, segmentOf(0x60, 0, ...packed))],
    ["COC", withSegment(changed(cod + 9, 1), 0x90, segmentOf(0x53, 0, plain[cod + 4] & 1, ...style))],
    ["QCC", withSegment(changed(qcd + 4, 0), 0x90, segmentOf(0x5d, 0, ...steps))],
    [
      "POC",
      withSegment(changed(cod + 5, 4), 0x90, segmentOf(0x5f, ...resolutions(0, 2), ...resolutions(0, 4))),
    ],
  ];
  const codec = await createJpeg2000Codec();

  test.each(streams)("%s: the same blocks, and the same samples by OpenJPEG", (_, bytes) => {
    expectWhole(tilesOf(bytes), 150 * 130);
    expect(contentOf(bytes)).toEqual(contentOf(plain));
    expect(firstDifference(codec.decode(bytes, frameOf(image)), image.samples)).toBe(-1);
  });

  test("QCC is what counts", () => {
    const [tile] = tilesOf(streams[4][1]);
    expect(tile.coding.guardBits).toBe(plain[qcd + 4] >> 5);
  });
});

test("tiles are read each by itself", () => {
  const tile = { width: 20, height: 31 };
  const tiles = tilesOf(encoders.htj2k(imageOf(61, 47, 3), { decompositions: 2, tile }));
  expect(tiles.map(({ x0, y0, x1, y1 }) => [x0, y0, x1, y1])).toEqual([
    [0, 0, 20, 31],
    [20, 0, 40, 31],
    [40, 0, 47, 31],
    [0, 31, 20, 61],
    [20, 31, 40, 61],
    [40, 31, 47, 61],
  ]);
  expectWhole(tiles, 61 * 47);
});

test("precincts that the bytes cannot hold are refused before they are made", () => {
  const bytes = encoders.jpeg2000(imageOf(512, 512, 4), { decompositions: 0 }).slice();
  const cod = markerAt(bytes, 0x52);
  // Own precincts of 1 x 1 samples: a byte longer.
  const bomb = new Uint8Array(bytes.length + 1);
  bomb.set(bytes.subarray(0, cod + 14));
  bomb.set(bytes.subarray(cod + 14), cod + 15);
  bomb[cod + 3]++;
  bomb[cod + 4] |= 1;
  bomb[cod + 7] = 100;
  expect(() => tilesOf(bomb)).toThrow(/26214400 packets in/);
});

test("damaged streams are read or refused with an offset", () => {
  const random = seededRandom(5);
  for (const kind of ["jpeg2000", "htj2k"] as const) {
    const whole = encoders[kind](imageOf(60, 50, 6), { decompositions: 3 });
    for (let i = 0; i < 400; i++) {
      const bytes = whole.slice();
      for (let n = randomInteger(random, 1, 4); n > 0; n--) {
        bytes[randomInteger(random, 50, bytes.length - 1)] = randomInteger(random, 0, 255);
      }
      try {
        for (const { bytesLeft } of tilesOf(bytes)) expect(bytesLeft).toBeGreaterThanOrEqual(0);
      } catch (error) {
        if (!isHounsfieldError(error, "decode-failed", "truncated", "unsupported-image")) throw error;
        expect(error.fields.offset).toBeGreaterThanOrEqual(0);
      }
    }
  }
});

const folder = path.join(dataFolder, "j2k-streams");
/** Cut on purpose: one in its tile-part; the other is whole by its headers, with fewer bytes. */
const CUT = ["cut.j2k", "truncated97.j2k"];
const files = existsSync(folder) ? readdirSync(folder).filter((name) => /\.j2[kc]$/.test(name)) : [];

describe.skipIf(files.length === 0)("streams in every mode (needs ../shared/data)", () => {
  test.each(files.filter((name) => !CUT.includes(name)))("%s is read whole", (name) => {
    const bytes = new Uint8Array(readFileSync(path.join(folder, name)));
    const { rows, columns } = readCodestream(bytes);
    expectWhole(tilesOf(bytes), rows * columns);
  });
});
