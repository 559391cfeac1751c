import { HounsfieldError } from "../../../core/errors.js";

/** Where packet headers are read: bytes of the code stream, or of PPM or PPT segments. */
export interface ByteSource {
  readonly bytes: Uint8Array;
  readonly end: number;
  at: number;
}

/** Bits of a packet header, where a byte behind 0xff has 7 (T.800 B.10.1). */
export interface PacketBits {
  bit(): number;
  bits(count: number): number;
  /** Leaves the rest of the byte, and the stuffed one behind 0xff. */
  align(): void;
}

/** @throws HounsfieldError `truncated`, on reading where the source ends */
export function readPacketBits(source: ByteSource): PacketBits {
  let byte = 0;
  let left = 0;
  const next = () => {
    left = byte === 0xff ? 7 : 8;
    if (source.at >= source.end) {
      const fields = { offset: source.at };
      throw new HounsfieldError("truncated", "JPEG 2000: the packets end within a header", fields);
    }
    byte = source.bytes[source.at++];
  };
  const bit = () => {
    if (left === 0) next();
    left--;
    return (byte >> left) & 1;
  };
  const bits = (count: number) => {
    let value = 0;
    for (let i = 0; i < count; i++) value = value * 2 + bit();
    return value;
  };
  const align = () => {
    if (byte === 0xff) next();
    left = 0;
  };
  return { bit, bits, align };
}
