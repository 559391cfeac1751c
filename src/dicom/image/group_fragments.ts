import type { Extent } from "../../core/byte_source.js";
import { HounsfieldError } from "../../core/errors.js";
import type { FragmentIndex, Reader } from "./encapsulated_frames.js";
import type { ImageHeader } from "./slice_header.js";

/** Where the bytes of a fragment are in the file. */
interface Fragment extends Extent {
  /** It begins as code streams do. */
  readonly startsStream: boolean;
}

/**
 * Which fragments make which frame (PS3.5 A.4): all of them make the only one, or there is one for each; else
 * the Extended or the Basic Offset Table tells where it fits the fragments; else each frame begins as code
 * streams do. A first item that begins as they do is no table, which writers forgot.
 * @throws HounsfieldError `malformed-dicom`, `truncated` where none of these gives as many frames as declared
 */
export async function groupFragments(
  header: ImageHeader,
  index: FragmentIndex,
  read: Reader,
): Promise<readonly (readonly Extent[])[]> {
  const frames = header.numberOfFrames;
  const { first } = index;
  const isTable = !first?.length || !(await fragmentAt(read, first)).startsStream;
  const extents = isTable ? index.fragments : [first, ...index.fragments];
  if (frames === 1 && extents.length > 0) return [extents];
  if (frames === extents.length) return extents.map((extent) => [extent]);
  const fragments: Fragment[] = [];
  for (const extent of extents) fragments.push(await fragmentAt(read, extent));
  const tables = [
    await readTable(header, read, header.pixelData.extendedOffsets, 8),
    await readTable(header, read, isTable ? first : undefined, 4),
  ];
  const marks = [
    ...tables.flatMap((table) => (table ? [marksOfTable(table, fragments)] : [])),
    fragments.map((fragment) => fragment.startsStream),
  ];
  const fitting = marks.find((isStart) => isStart[0] && isStart.filter(Boolean).length === frames);
  if (fitting) return groupedAt(fragments, fitting);
  const file = header.source.name;
  const message = `${file}: ${frames} frames are declared, but ${fragments.length} fragments of pixel data are there`;
  const code = fragments.length < frames ? "truncated" : "malformed-dicom";
  const fields = { file, offset: header.pixelData.offset, got: fragments.length, accepted: frames };
  throw new HounsfieldError(code, message, fields);
}

const STREAM_START_BYTES = 8;

async function fragmentAt(read: Reader, { offset, length }: Extent): Promise<Fragment> {
  const start = await read(offset, Math.min(length, STREAM_START_BYTES));
  return { offset, length, startsStream: startsStream(start) };
}

/**
 * SOI of JPEG and JPEG-LS, SOC and SIZ of JPEG 2000, the signature box of JP2, or the header of RLE with its
 * first segment at byte 64. SOI cannot stand inside entropy-coded data (T.81 B.1.1.5, T.87 A.1); the others
 * are long enough not to by chance.
 */
export function startsStream(bytes: Uint8Array): boolean {
  const hex = Array.from(bytes.subarray(0, 8), (byte) => byte.toString(16).padStart(2, "0")).join("");
  return /^(ffd8|ff4fff51|0000000c6a502020|0[1-9a-f]00000040000000)/.test(hex);
}

/**
 * A table of offsets of frames, of 4 or 8 bytes, from the first fragment's item tag. Often absent, sometimes
 * wrong; undefined where it has not as many as there are frames.
 */
async function readTable(
  header: ImageHeader,
  read: Reader,
  extent: Extent | undefined,
  entryBytes: 4 | 8,
): Promise<readonly number[] | undefined> {
  if (extent?.length !== header.numberOfFrames * entryBytes) return undefined;
  const bytes = await read(extent.offset, extent.length);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const at = (i: number) =>
    entryBytes === 4 ? view.getUint32(i * 4, true) : Number(view.getBigUint64(i * 8, true));
  return Array.from({ length: header.numberOfFrames }, (_, i) => at(i));
}

/** A table counts from the first item's tag, as the offsets of the fragments' own tags do. */
function marksOfTable(table: readonly number[], fragments: readonly Fragment[]): boolean[] {
  const inTable = new Set(table.map((offset) => (fragments[0]?.offset ?? 0) + offset));
  return fragments.map((fragment) => inTable.has(fragment.offset));
}

function groupedAt(fragments: readonly Extent[], isStart: readonly boolean[]): Extent[][] {
  const frames: Extent[][] = [];
  fragments.forEach((fragment, i) => {
    if (isStart[i]) frames.push([fragment]);
    else frames[frames.length - 1].push(fragment);
  });
  return frames;
}
