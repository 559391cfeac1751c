import { randomInteger } from "../support/random.js";
import type { ElementPart, ItemPart, Part, Structure } from "./structure.js";

/** Bytes [at, at + remove) are replaced. Plain data, so that a case that was found can be kept. */
export interface Edit {
  readonly at: number;
  readonly remove: number;
  readonly insert: readonly number[];
}

/**
 * What was done, and to what; `cut` says that a code stream lost more than its last two bytes, so that it
 * cannot give all values.
 */
export interface Mutation {
  readonly kind: string;
  readonly edits: readonly Edit[];
  readonly cut?: boolean;
}

/** Edits are applied from the end of the file to its start, so that each finds its place. */
export function applyEdits(bytes: Uint8Array, edits: readonly Edit[]): Uint8Array {
  let result = bytes;
  for (const { at, remove, insert } of [...edits].sort((a, b) => b.at - a.at)) {
    const next = new Uint8Array(result.length - Math.min(remove, result.length - at) + insert.length);
    next.set(result.subarray(0, at));
    next.set(insert, at);
    next.set(result.subarray(at + remove), at + insert.length);
    result = next;
  }
  return result;
}

type Random = () => number;
type Mutator = (bytes: Uint8Array, structure: Structure, random: Random) => Mutation | undefined;

const LENGTHS = [0, 1, 2, 3, 7, 8, 255, 256, 65534, 65535, 0x7fffffff, 0xfffffffe, 0xffffffff];
const WORDS = [0, 1, 2, 7, 8, 9, 11, 12, 15, 16, 17, 31, 32, 33, 63, 64, 255, 256, 4096, 32767, 32768, 65535];
const DIMENSIONS = [65535, 65534, 32768, 30000, 16384, 8192];
const FRAMES = ["0", "1", "2", "3", "4", "100", "65536", "999999", "2147483647", "-1", "1A", ""];

function pick<T>(random: Random, list: readonly T[]): T | undefined {
  return list[randomInteger(random, 0, list.length - 1)];
}

function bytesOf(value: number, count: number, bigEndian: boolean): number[] {
  const bytes = Array.from({ length: count }, (_, i) => Math.floor(value / 256 ** i) & 255);
  return bigEndian ? bytes.reverse() : bytes;
}

function replace(at: number, insert: readonly number[]): Edit {
  return { at, remove: insert.length, insert };
}

/** A fragment's bytes replaced, its item's length with them, so that only the code stream is wrong. */
function inItem(item: ItemPart, edit: Edit): Edit[] {
  const length = item.valueLength - edit.remove + edit.insert.length;
  const pad = length % 2 === 0 ? [] : [0];
  const end = item.valueAt + item.valueLength;
  return [
    replace(item.lengthAt, bytesOf(length + pad.length, 4, false)),
    edit,
    { at: end, remove: 0, insert: pad },
  ];
}

const elementLength: Mutator = (_, { elements, bigEndian }, random) => {
  const element = pick(random, elements);
  if (!element) return undefined;
  const near = element.valueLength + randomInteger(random, -3, 3);
  const length = random() < 0.5 ? near : pick(random, LENGTHS)!;
  const edit = replace(element.lengthAt, bytesOf(length, element.lengthBytes, bigEndian));
  return { kind: `length of ${element.tag}`, edits: [edit] };
};

const elementValue: Mutator = (_, { elements, bigEndian }, random) => {
  const image = elements.filter(({ tag, valueLength }) => tag.startsWith("0028") && valueLength === 2);
  const element = pick(random, image);
  if (!element) return undefined;
  return { kind: `value of ${element.tag}`, edits: [wordEdit(element, pick(random, WORDS)!, bigEndian)] };
};

function wordEdit(element: ElementPart, value: number, bigEndian: boolean): Edit {
  return replace(element.valueAt, bytesOf(value, 2, bigEndian));
}

const frameCount: Mutator = (_, { elements, bigEndian }, random) => {
  const element = elements.find(({ tag }) => tag === "00280008");
  if (!element) return undefined;
  const digits = pick(random, FRAMES)!;
  const text = Array.from(digits.length % 2 === 0 ? digits : `${digits} `, (letter) => letter.charCodeAt(0));
  const length = replace(element.lengthAt, bytesOf(text.length, element.lengthBytes, bigEndian));
  return {
    kind: `${digits} frames`,
    edits: [length, { at: element.valueAt, remove: element.valueLength, insert: text }],
  };
};

const doubledElement: Mutator = (bytes, { elements }, random) => {
  const element = pick(random, elements);
  if (!element) return undefined;
  const copy = [...bytes.subarray(element.at, element.at + Math.min(element.length, 4096))];
  return random() < 0.5
    ? { kind: `without ${element.tag}`, edits: [{ at: element.at, remove: element.length, insert: [] }] }
    : { kind: `${element.tag} twice`, edits: [{ at: element.at, remove: 0, insert: copy }] };
};

const doubledItem: Mutator = (bytes, { items }, random) => {
  const item = pick(random, items);
  if (!item) return undefined;
  const copy = [...bytes.subarray(item.at, item.at + item.length)];
  return random() < 0.5
    ? { kind: "an item less", edits: [{ at: item.at, remove: item.length, insert: [] }] }
    : { kind: "an item twice", edits: [{ at: item.at, remove: 0, insert: copy }] };
};

const itemLength: Mutator = (_, { items }, random) => {
  const item = pick(random, items);
  if (!item) return undefined;
  const near = item.valueLength + randomInteger(random, -9, 9);
  const length = random() < 0.5 ? near : pick(random, LENGTHS)!;
  return { kind: "length of an item", edits: [replace(item.lengthAt, bytesOf(length, 4, false))] };
};

const markerLength: Mutator = (bytes, { items }, random) => {
  const marker = pick(random, pick(random, items)?.markers ?? []);
  if (!marker || marker.length < 4) return undefined;
  const near = marker.length - 2 + randomInteger(random, -3, 3);
  const length = random() < 0.5 ? near : pick(random, LENGTHS)! & 65535;
  const kind = `length of marker ${bytes[marker.at + 1].toString(16)}`;
  return { kind, edits: [replace(marker.at + 2, bytesOf(length, 2, true))] };
};

const markerBytes: Mutator = (_, { items }, random) => {
  const marker = pick(random, pick(random, items)?.markers ?? []);
  if (!marker) return undefined;
  const at = marker.at + randomInteger(random, 1, Math.max(1, marker.length - 1));
  const bytes = Array.from({ length: randomInteger(random, 1, 2) }, () => interestingByte(random));
  return { kind: `bytes of marker ${marker.code.toString(16)}`, edits: [replace(at, bytes)] };
};

const markerMoved: Mutator = (bytes, { items }, random) => {
  const item = pick(random, items);
  const marker = pick(random, item?.markers ?? []);
  if (!item || !marker) return undefined;
  const copy = [...bytes.subarray(marker.at, marker.at + marker.length)];
  const name = marker.code.toString(16);
  return random() < 0.5
    ? {
        kind: `marker ${name} less`,
        edits: inItem(item, { at: marker.at, remove: marker.length, insert: [] }),
      }
    : { kind: `marker ${name} twice`, edits: inItem(item, { at: marker.at, remove: 0, insert: copy }) };
};

const entropy: Mutator = (bytes, structure, random) => {
  const part = pixelPart(structure, random);
  if (!part || part.length === 0) return undefined;
  const edits = Array.from({ length: randomInteger(random, 1, 8) }, () => {
    const at = part.at + randomInteger(random, 0, part.length - 1);
    const flipped = bytes[at] ^ (1 << randomInteger(random, 0, 7));
    return replace(at, [random() < 0.5 ? flipped : interestingByte(random)]);
  });
  const once = edits.filter((edit, i) => edits.findIndex((other) => other.at === edit.at) === i);
  return { kind: "coded bytes", edits: once };
};

function pixelPart({ elements, items }: Structure, random: Random): Part | undefined {
  const item = pick(random, items);
  if (item) return { at: item.entropyAt, length: item.valueAt + item.valueLength - item.entropyAt };
  const pixels = elements.find(({ tag }) => tag === "7fe00010");
  return pixels && { at: pixels.valueAt, length: pixels.at + pixels.length - pixels.valueAt };
}

const cutFile: Mutator = (bytes, _, random) => {
  const at = randomInteger(random, 0, bytes.length - 1);
  return { kind: "file cut", edits: [{ at, remove: bytes.length - at, insert: [] }] };
};

/** Only of files of one fragment: one of several may be larger than the frame it was meant for. */
const cutStream: Mutator = (bytes, { items }, random) => {
  const item = items.length === 2 ? items[1] : undefined;
  if (!item || item.valueLength < 16) return undefined;
  const from = Math.max(item.entropyAt, item.valueAt + 4);
  let end = item.valueAt + item.valueLength;
  while (end > from && bytes[end - 1] === 0) end--;
  if (bytes[end - 2] === 0xff && bytes[end - 1] === 0xd9) end -= 2;
  if (end - from < 24) return undefined;
  const at = randomInteger(random, from, end - 20);
  const remove = item.valueAt + item.valueLength - at;
  return { kind: "code stream cut", edits: inItem(item, { at, remove, insert: [] }), cut: true };
};

const huge: Mutator = (_, { elements, items, bigEndian }, random) => {
  const [rows, columns] = ["00280010", "00280011"].map((tag) => elements.find((one) => one.tag === tag));
  if (!rows || !columns) return undefined;
  const size = [pick(random, DIMENSIONS)!, pick(random, DIMENSIONS)!];
  if (random() < 0.3) size[randomInteger(random, 0, 1)] = randomInteger(random, 1, 64);
  const edits = [wordEdit(rows, size[0], bigEndian), wordEdit(columns, size[1], bigEndian)];
  return {
    kind: `${size.join(" x ")}`,
    edits: [...edits, ...items.flatMap((item) => streamSize(item, size))],
  };
};

/** The size that a code stream states, made that of the header. */
function streamSize({ markers }: ItemPart, [rows, columns]: readonly number[]): Edit[] {
  return markers.flatMap(({ code, at }) => {
    if (code === 0x51) {
      const size = [...bytesOf(columns, 4, true), ...bytesOf(rows, 4, true)];
      // As tiles too, or the many tiles would be refused before the many samples.
      return [replace(at + 6, size), replace(at + 22, size)];
    }
    const isFrame = (code >= 0xc0 && code <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(code)) || code === 0xf7;
    return isFrame ? [replace(at + 5, [...bytesOf(rows, 2, true), ...bytesOf(columns, 2, true)])] : [];
  });
}

const anywhere: Mutator = (bytes, _, random) => {
  const at = randomInteger(random, 0, bytes.length - 1);
  return { kind: "a byte anywhere", edits: [replace(at, [interestingByte(random)])] };
};

const syntax: Mutator = (_, { elements }, random) => {
  const element = elements.find(({ tag }) => tag === "00020010");
  if (!element) return undefined;
  const endings = [
    "",
    ".1",
    ".1.99",
    ".2",
    ".5",
    ".4.50",
    ".4.51",
    ".4.57",
    ".4.70",
    ".4.80",
    ".4.81",
    ".4.90",
  ];
  const uid = `1.2.840.10008.1.2${pick(random, [...endings, ".4.91", ".4.201", ".4.203", ".4.110"])}`;
  const text = Array.from(uid.length % 2 === 0 ? uid : `${uid}\0`, (letter) => letter.charCodeAt(0));
  const length = replace(element.lengthAt, bytesOf(text.length, 2, false));
  return {
    kind: `as ${uid}`,
    edits: [length, { at: element.valueAt, remove: element.valueLength, insert: text }],
  };
};

function interestingByte(random: Random): number {
  return random() < 0.5 ? pick(random, [0, 1, 0x7f, 0x80, 0xfe, 0xff])! : randomInteger(random, 0, 255);
}

const MUTATORS: readonly Mutator[] = [
  ...[elementLength, elementValue, elementValue, frameCount, doubledElement, doubledItem, itemLength],
  ...[markerLength, markerBytes, markerBytes, markerBytes, markerMoved, entropy, entropy, entropy],
  ...[cutFile, cutStream, huge, anywhere, syntax],
];

/** One mutation, sometimes two at places that do not overlap. */
export function mutate(bytes: Uint8Array, structure: Structure, random: Random): Mutation {
  const first = oneMutation(bytes, structure, random);
  if (random() < 0.7) return first;
  const second = oneMutation(bytes, structure, random);
  const overlaps = second.edits.some((b) =>
    first.edits.some((a) => a.at < b.at + b.remove + 1 && b.at < a.at + a.remove + 1),
  );
  if (overlaps) return first;
  const cut = first.cut === true || second.cut === true;
  // A cut stream may still give every value of a smaller image.
  const resized = [first, second].some(({ kind }) => !/cut|coded/.test(kind));
  return {
    kind: `${first.kind}; ${second.kind}`,
    edits: [...first.edits, ...second.edits],
    cut: cut && !resized,
  };
}

function oneMutation(bytes: Uint8Array, structure: Structure, random: Random): Mutation {
  for (;;) {
    const mutation = pick(random, MUTATORS)!(bytes, structure, random);
    if (mutation) return mutation;
  }
}
