// A plain RLE encoder (DICOM PS3.5 Annex G).

export interface RleEncodeOptions {
  readonly bitsAllocated: 8 | 16;
  /**
   * How to cut a plane: replicates of two bytes as they come, or from three on; literals only; or with a
   * no-op before each run.
   */
  readonly style?: "pairs" | "triples" | "literal" | "noops";
}

/**
 * Samples (of BitsAllocated bits, in any integer type) to a frame: header, then one segment a byte of a
 * sample, the highest first.
 */
export function encodeRle(
  samples: ArrayLike<number>,
  { bitsAllocated, style }: RleEncodeOptions,
): Uint8Array {
  const segments: number[][] = [];
  for (let shift = bitsAllocated - 8; shift >= 0; shift -= 8) {
    const plane = Uint8Array.from(samples, (sample) => sample >> shift);
    segments.push(packBits(plane, style ?? "pairs"));
  }
  return joinSegments(segments);
}

/** A frame of finished segments. */
export function joinSegments(segments: readonly (readonly number[])[]): Uint8Array {
  const frame = new Uint8Array(64 + segments.reduce((sum, segment) => sum + segment.length, 0));
  const header = new DataView(frame.buffer);
  header.setUint32(0, segments.length, true);
  let offset = 64;
  segments.forEach((segment, i) => {
    header.setUint32(4 + 4 * i, offset, true);
    frame.set(segment, offset);
    offset += segment.length;
  });
  return frame;
}

export function packBits(plane: Uint8Array, style: NonNullable<RleEncodeOptions["style"]>): number[] {
  const out: number[] = [];
  const least = style === "literal" ? Number.POSITIVE_INFINITY : style === "triples" ? 3 : 2;
  for (let at = 0; at < plane.length; ) {
    if (style === "noops") out.push(0x80);
    const same = runLength(plane, at);
    if (same >= least) {
      out.push(257 - same, plane[at]);
      at += same;
      continue;
    }
    let end = at + 1;
    while (end < plane.length && end - at < 128 && runLength(plane, end) < least) end++;
    out.push(end - at - 1, ...plane.subarray(at, end));
    at = end;
  }
  if (out.length % 2 === 1) out.push(0);
  return out;
}

function runLength(plane: Uint8Array, at: number): number {
  let length = 1;
  while (length < 128 && at + length < plane.length && plane[at + length] === plane[at]) length++;
  return length;
}
