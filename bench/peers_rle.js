// RLE as Cornerstone's image loader does it, which has no package of its own: the two byte planes one after
// the other, each byte by a DataView into its place among the 16-bit values. Written anew from that
// description; what it leaves unchecked is unchecked here.

/**
 * Values of 16 bits from one frame (PS3.5 Annex G).
 * @param {Uint8Array} bytes
 * @param {{ readonly rows: number, readonly columns: number }} frame
 */
export function decodeRleByCornerstone(bytes, { rows, columns }) {
  const count = rows * columns;
  const input = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const output = new DataView(new ArrayBuffer(count * 2));
  const segments = input.getInt32(0, true);
  for (let segment = 0; segment < segments; segment++) {
    const place = segment === 0 ? 1 : 0;
    const end = input.getInt32((segment + 2) * 4, true) || bytes.length;
    let at = input.getInt32((segment + 1) * 4, true);
    let done = 0;
    while (at < end) {
      const control = input.getInt8(at++);
      if (control >= 0) {
        for (let i = 0; i <= control && done < count; i++) {
          output.setInt8(done++ * 2 + place, input.getInt8(at++));
        }
      } else if (control > -128) {
        const value = input.getInt8(at++);
        for (let i = 0; i <= -control && done < count; i++) output.setInt8(done++ * 2 + place, value);
      }
    }
  }
  return new Uint16Array(output.buffer);
}
