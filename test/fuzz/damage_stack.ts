import type { CtFields } from "../support/dicom_file.js";
import { joined } from "../support/dicom_file.js";
import { randomInteger } from "../support/random.js";
import { SLICES, type SliceFile, type SliceWriter } from "./whole_stacks.js";

// One file of a good stack is lost, cut, damaged, or another one's.

export interface DamagedStack {
  /** What was done, to be read in a finding. */
  readonly what: string;
  readonly files: readonly { readonly name: string; readonly bytes: Uint8Array }[];
  /**
   * A slice at an end is gone without a trace, or values within Pixel Data changed: no header and no
   * checksum can tell.
   */
  readonly cannotBeSeen: boolean;
}

interface Choice {
  readonly random: () => number;
  readonly write: SliceWriter;
  readonly whole: readonly SliceFile[];
  readonly k: number;
}

interface Damage {
  /** Undefined: the file is gone. */
  readonly bytes: Uint8Array | undefined;
  readonly what: string;
  /** Nothing of the file is gone: it tells where the first change lies. */
  readonly isWhole?: boolean;
}

/** All identifiers of a study, series and frame of reference that are not the stack's. */
const STRANGER: CtFields = { "0020,000d": "7.7", "0020,000e": "7.7.1", "0020,0052": "7.7.2" };

const text = (written: string) => new TextEncoder().encode(written);
const randomBytesOf = (random: () => number, most: number) =>
  Uint8Array.from({ length: randomInteger(random, 1, most) }, () => randomInteger(random, 0, 255));

const DAMAGES: Readonly<Record<string, (choice: Choice) => Damage>> = {
  removed: () => ({ bytes: undefined, what: "" }),
  truncated({ random, whole, k }) {
    const at = randomInteger(random, 0, whole[k].bytes.length - 1);
    return { bytes: whole[k].bytes.subarray(0, at), what: `at ${at}` };
  },
  "short of its last bytes"({ random, whole, k }) {
    const by = randomInteger(random, 1, 20);
    return { bytes: whole[k].bytes.subarray(0, -by), what: `by ${by}` };
  },
  junk({ random }) {
    const kinds = [
      randomBytesOf(random, 1500),
      text("<html>504 Gateway Time-out</html>"),
      new Uint8Array(randomInteger(random, 1, 2000)),
      text('{"error": 1}'),
      new Uint8Array(0),
    ];
    const kind = randomInteger(random, 0, kinds.length - 1);
    return { bytes: kinds[kind], what: `kind ${kind}` };
  },
  "another patient's"({ random, write }) {
    const slice = randomInteger(random, 0, SLICES - 1);
    return { bytes: write(slice, STRANGER).bytes, what: `slice ${slice}` };
  },
  "another study's, of one Series UID": ({ write, k }) => ({
    bytes: write(k, { "0020,000d": "7.7" }).bytes,
    what: "",
  }),
  "another slice's copy"({ random, whole }) {
    const slice = randomInteger(random, 0, SLICES - 1);
    return { bytes: whole[slice].bytes, what: `slice ${slice}` };
  },
  "a bit flipped before Pixel Data"({ random, whole, k }) {
    const at = randomInteger(random, 0, whole[k].pixelsAt - 1);
    const bytes = whole[k].bytes.slice();
    bytes[at] ^= 1 << randomInteger(random, 0, 7);
    return { bytes, what: `byte ${at} is ${bytes[at]}`, isWhole: true };
  },
  "zeros from a byte on"({ random, whole, k }) {
    const at = randomInteger(random, 0, whole[k].bytes.length - 1);
    return { bytes: whole[k].bytes.slice().fill(0, at), what: `from ${at}`, isWhole: true };
  },
  "zeros within"({ random, whole, k }) {
    const at = randomInteger(random, 0, whole[k].bytes.length - 1);
    const end = at + randomInteger(random, 1, 200);
    return { bytes: whole[k].bytes.slice().fill(0, at, end), what: `${at} to ${end}`, isWhole: true };
  },
  "bytes inserted"({ random, whole, k }) {
    const at = randomInteger(random, 0, whole[k].bytes.length - 1);
    const more = randomBytesOf(random, 8);
    const { bytes } = whole[k];
    const longer = joined([bytes.subarray(0, at), more, bytes.subarray(at)]);
    return { bytes: longer, what: `${more.length} at ${at}`, isWhole: true };
  },
};

const NAMES: readonly ((k: number) => string)[] = [
  (k) => `00${k}.dcm`,
  (k) => `IM${k}`,
  (k) => `1.2.3.${k}`,
  (k) => `a/${k}`,
  (k) => `s${k}/image.dcm`,
  (k) => `${"qwertyu"[k]}.dcm`,
  (k) => `${(k * 7919) % 1000}.IMA`,
];

/** Of bytes that hold at least as many as `whole`; their number where there is no difference. */
function firstDifference(bytes: Uint8Array | undefined, whole: Uint8Array): number {
  const at = whole.findIndex((byte, i) => bytes?.[i] !== byte);
  return at < 0 ? whole.length : at;
}

/** The stacks that a seed makes of these writers, one after the other. */
export function createStackDamages(
  writers: ReadonlyMap<string, SliceWriter>,
  random: () => number,
): () => DamagedStack {
  const ways = [...writers].map(([name, write]) => ({
    name,
    write,
    whole: Array.from({ length: SLICES }, (_, k) => write(k)),
  }));
  const one = <T>(list: readonly T[]) => list[randomInteger(random, 0, list.length - 1)];
  return () => {
    const { name: way, write, whole } = one(ways);
    const nameOf = one(NAMES);
    const k = randomInteger(random, 0, SLICES - 1);
    const [kind, damage] = one(Object.entries(DAMAGES));
    const { bytes, what, isWhole } = damage({ random, write, whole, k });
    const files = whole.flatMap((slice, i) => {
      const left = i === k ? bytes : slice.bytes;
      return left ? [{ name: nameOf(i), bytes: left }] : [];
    });
    const isEnd = k === 0 || k === SLICES - 1;
    const isWithinPixels = isWhole === true && firstDifference(bytes, whole[k].bytes) >= whole[k].pixelsAt;
    return {
      what: `${way}, ${nameOf(k)}: ${kind} ${what}`.trimEnd(),
      files,
      cannotBeSeen: (bytes === undefined && isEnd) || isWithinPixels,
    };
  };
}
