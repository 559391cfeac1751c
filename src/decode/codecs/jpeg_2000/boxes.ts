import { HounsfieldError } from "../../../core/errors.js";

const SIGNATURE_BOX = 0x6a502020;
const CODESTREAM_BOX = 0x6a703263;

/** Where a code stream lies within the bytes of a frame. */
export interface Extent {
  readonly start: number;
  readonly end: number;
}

/**
 * The code stream of a JPEG 2000 frame: the bytes themselves, or the contents of the first "jp2c" box where a
 * file in boxes (JP2, JPH; T.800 Annex I) was put in place of the code stream, which PS3.5 8.2.4 forbids and
 * some archives hold.
 * @throws HounsfieldError `truncated`, `decode-failed`
 */
export function findCodestream(bytes: Uint8Array): Extent {
  if (bytes.length < 12)
    throw boxError("truncated", `${bytes.length} bytes hold no JPEG 2000 code stream`, 0);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0) === 0xff4fff51) return { start: 0, end: bytes.length };
  if (view.getUint32(4) !== SIGNATURE_BOX) {
    throw boxError("decode-failed", "no JPEG 2000 code stream: it lacks the SOC and SIZ markers", 0);
  }
  for (let at = 0; at < bytes.length; ) {
    const box = boxAt(view, at);
    if (box.type === CODESTREAM_BOX) return { start: box.start, end: box.end };
    at = box.end;
  }
  throw boxError("truncated", "the JPEG 2000 file ends before its code stream", bytes.length);
}

/** Its length is in 4 bytes; 1 says in the 8 bytes after the type, 0 to the end of the file (T.800 I.4). */
function boxAt(view: DataView, at: number): Extent & { readonly type: number } {
  const size = view.byteLength;
  if (at + 8 > size) throw boxError("truncated", "a box of the JPEG 2000 file is cut short", at);
  const length = view.getUint32(at);
  const type = view.getUint32(at + 4);
  if (length === 0) return { type, start: at + 8, end: size };
  const wide = length === 1;
  if (wide && at + 16 > size) throw boxError("truncated", "a box of the JPEG 2000 file is cut short", at);
  const header = wide ? 16 : 8;
  const end = at + (wide ? Number(view.getBigUint64(at + 8)) : length);
  if (end < at + header)
    throw boxError("decode-failed", `a box of ${end - at} bytes in the JPEG 2000 file`, at);
  if (end > size) {
    throw boxError("truncated", `a box of the JPEG 2000 file ends at ${end}, the file at ${size}`, size);
  }
  return { type, start: at + header, end };
}

function boxError(code: "truncated" | "decode-failed", message: string, offset: number): HounsfieldError {
  return new HounsfieldError(code, message, { offset });
}
