import { randomInteger } from "../support/random.js";
import type { ImageSeed } from "./image_seeds.js";
import { applyEdits, type Edit, type Mutation } from "./mutate.js";

// Damage for files whose headers are text, or numbers at fixed places.

type Random = () => number;
type Mutator = (seed: ImageSeed, random: Random) => Mutation | undefined;

const WHOLE = [0, 1, 2, 3, 7, 127, 128, 255, 256, 348, 540, 4096, 32767, 32768, 65535, 65536];
const HUGE = [2 ** 24, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, 2 ** 53, 2 ** 63];
const FLOATS = [0, -0, 1e-45, 1e-38, 0.5, 352.5, -1, 1e9, 1e30, 3e38, Number.NaN, Infinity, -Infinity];
const NUMBERS = [
  ...["0", "-1", "1", "2", "3", "4", "7", "0.5", "1.5", "60", "61", "1000000", "65536", "2147483648"],
  ...["4294967296", "9007199254740993", "1e308", "1e999", "-1e30", "1e-320", "nan", "inf", "0x10", ""],
  ...["Infinity", "NaN", "1,5", "1 2 3 4 5 6 7 8", "99999999999999999999999999999999"],
];
const WORDS = [
  ...["float", "double", "uchar", "long long", "block", "raw", "gzip", "bzip2", "ascii", "hex", "big"],
  ...["little", "none", "(1,0,0)", "(nan,nan,nan)", "()", "(", "LIST", "LIST 2", "LOCAL", "local", "True"],
  ...["False", "MET_DOUBLE", "MET_UCHAR", "MET_CHAR_ARRAY", "MET_LONG", "scanner-xyz", "left-anterior"],
  ...["../a.raw", "a.raw", "%03d.raw 1 3 1", "<f8", ">i2", "|O8", "|b1", "<c16", "True}", "constructor"],
];
/** Pieces that are written over and over: what a pattern may go back and forth over. */
const PIECES = [
  "\n",
  " ",
  "\r\n",
  ",",
  "(",
  ")",
  "#",
  ":",
  "=",
  "\t",
  "9",
  "a: b\n",
  "a = b\n",
  "(1,0,0) ",
  "1 ",
];

function pick<T>(random: Random, list: readonly T[]): T {
  return list[randomInteger(random, 0, list.length - 1)];
}

const codes = (written: string) => Array.from(written, (letter) => letter.charCodeAt(0) & 255);
const latin1 = (bytes: Uint8Array) => String.fromCharCode(...bytes);

/** Runs of a pattern in the header's text. */
function found({ bytes, headBytes }: ImageSeed, pattern: RegExp): { at: number; text: string }[] {
  const head = latin1(bytes.subarray(0, Math.min(headBytes, 4096)));
  return Array.from(head.matchAll(pattern), (match) => ({ at: match.index, text: match[0] }));
}

function word(seed: ImageSeed, random: Random): Mutation {
  const size = pick(random, [1, 2, 4, 8]);
  const at = randomInteger(random, 0, Math.max(0, Math.floor(seed.headBytes / size) - 1)) * size;
  const view = new DataView(new ArrayBuffer(8));
  const little = random() < 0.8;
  const value = random() < 0.6 ? pick(random, WHOLE) : pick(random, HUGE);
  const signed = random() < 0.2 ? -value : value;
  if (size >= 4 && random() < 0.5) {
    const float = pick(random, FLOATS);
    if (size === 4) view.setFloat32(0, float, little);
    else view.setFloat64(0, float, little);
  } else if (size === 8) view.setBigInt64(0, BigInt(signed), little);
  else if (size === 4) view.setInt32(0, signed, little);
  else if (size === 2) view.setInt16(0, signed, little);
  else view.setInt8(0, signed);
  const insert = [...new Uint8Array(view.buffer, 0, size)];
  return { kind: `word of ${size} bytes at ${at}`, edits: [{ at, remove: size, insert }] };
}

function flipped(seed: ImageSeed, random: Random): Mutation {
  const end = random() < 0.8 ? seed.headBytes : seed.bytes.length;
  const at = randomInteger(random, 0, end - 1);
  const insert = [seed.bytes[at] ^ (1 << randomInteger(random, 0, 7))];
  return { kind: `a bit at ${at}`, edits: [{ at, remove: 1, insert }] };
}

const replaced =
  (kind: string, pattern: RegExp, by: readonly string[]): Mutator =>
  (seed, random) => {
    const places = found(seed, pattern);
    if (places.length === 0) return undefined;
    const { at, text } = pick(random, places);
    const insert = codes(pick(random, by));
    return { kind: `${kind} "${text}"`, edits: [{ at, remove: text.length, insert }] };
  };

const line: Mutator = (seed, random) => {
  const lines = found(seed, /[^\n]*\n/g);
  if (lines.length < 3) return undefined;
  const [one, other] = [pick(random, lines), pick(random, lines)];
  const way = pick(random, ["gone", "twice", "as another"]);
  const insert = { gone: [], twice: codes(one.text + one.text), "as another": codes(other.text) }[way] ?? [];
  const edit: Edit = { at: one.at, remove: one.text.length, insert };
  return { kind: `line ${way}: ${one.text.trim()}`, edits: [edit] };
};

/** Up to a megabyte, most often less than a header's bound. */
function stretched(seed: ImageSeed, random: Random): Mutation {
  const piece = pick(random, PIECES);
  const bytes = pick(random, [300, 5000, 60_000, 60_000, 250_000, 1_000_000]);
  const insert = codes(piece.repeat(Math.ceil(bytes / piece.length)));
  const lines = found(seed, /\n|[ =:,]/g).map(({ at }) => at + 1);
  const at = lines.length > 0 ? pick(random, lines) : randomInteger(random, 0, seed.headBytes);
  return { kind: `${JSON.stringify(piece)} for ${bytes} bytes`, edits: [{ at, remove: 0, insert }] };
}

function cut(seed: ImageSeed, random: Random): Mutation {
  const at = randomInteger(random, 0, seed.bytes.length - 1);
  const edits = [{ at, remove: seed.bytes.length - at, insert: [] }];
  return { kind: `cut at ${at}`, edits, cut: seed.endsWithVoxels && at >= seed.headBytes };
}

function zeros(seed: ImageSeed, random: Random): Mutation {
  const at = randomInteger(random, 0, seed.bytes.length - 1);
  const length = Math.min(randomInteger(random, 1, 64), seed.bytes.length - at);
  return {
    kind: `${length} zeros at ${at}`,
    edits: [{ at, remove: length, insert: new Array(length).fill(0) }],
  };
}

function inserted(seed: ImageSeed, random: Random): Mutation {
  const at = randomInteger(random, 0, seed.bytes.length);
  const insert = Array.from({ length: randomInteger(random, 1, 8) }, () => randomInteger(random, 0, 255));
  return { kind: `${insert.length} bytes more at ${at}`, edits: [{ at, remove: 0, insert }] };
}

const number = replaced("number", /-?\d[\d.]*(?:e[-+]?\d+)?/g, NUMBERS);
const token = replaced("word", /[A-Za-z_<>|(][\w)\-.]*/g, WORDS);
const MUTATORS: readonly Mutator[] = [
  ...[word, word, word, flipped, number, number, number, token, token, line, stretched, cut, zeros, inserted],
];

/** One to three of them, one after the other: edits are of the bytes as the one before left them. */
export function mutateImage(
  seed: ImageSeed,
  random: Random,
): { kind: string; bytes: Uint8Array; cut: boolean } {
  let { bytes, headBytes } = seed;
  const kinds: string[] = [];
  let isCut: boolean | undefined;
  for (let left = pick(random, [1, 1, 1, 2, 3]); left > 0; ) {
    const mutation = pick(random, MUTATORS)({ ...seed, bytes, headBytes }, random);
    if (!mutation) continue;
    left--;
    const before = bytes.length;
    bytes = applyEdits(bytes, mutation.edits);
    kinds.push(mutation.kind);
    // With any other damage the header may declare less.
    isCut = isCut === undefined ? mutation.cut === true : false;
    if (mutation.edits[0].at < headBytes) headBytes = Math.max(1, headBytes + bytes.length - before);
    if (bytes.length === 0) break;
    headBytes = Math.min(headBytes, bytes.length);
  }
  return { kind: kinds.join("; "), bytes, cut: isCut === true };
}
