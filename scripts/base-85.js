// @ts-check
// Bytes as text for the generated modules: 4 bytes are 5 characters, where base64 needs 5.33.

/** Z85's (ZeroMQ RFC 32): none of them is escaped in a JavaScript string. */
const ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#";

/**
 * Z85 behind a digit that says how many bytes of zeros were added to make whole groups; what
 * src/core/base_85.ts reads.
 * @param {Uint8Array} bytes
 */
export function base85(bytes) {
  const padding = (4 - (bytes.length % 4)) % 4;
  const padded = Buffer.concat([bytes, Buffer.alloc(padding)]);
  let text = String(padding);
  for (let at = 0; at < padded.length; at += 4) {
    const word = padded.readUInt32BE(at);
    for (let power = 85 ** 4; power >= 1; power /= 85) text += ALPHABET[Math.floor(word / power) % 85];
  }
  return text;
}
