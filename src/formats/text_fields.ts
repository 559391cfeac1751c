import { malformedImage } from "./image_error.js";

/** Numbers separated by white space or commas. @throws HounsfieldError `malformed-image` for anything else */
export function numbersOf(format: string, field: string, text: string): number[] {
  const words = text.split(/[\s,]+/).filter(Boolean);
  const numbers = words.map(Number);
  if (words.length > 0 && numbers.every((value) => !Number.isNaN(value))) return numbers;
  throw malformedImage(format, `its ${field} is "${text.slice(0, 80)}"`, text);
}

/** As Latin 1, so that each byte is a character and offsets are the same in both. */
export function latin1(bytes: Uint8Array): string {
  // In pieces: a call takes so many arguments only.
  let text = "";
  for (let at = 0; at < bytes.length; at += 4096)
    text += String.fromCharCode(...bytes.subarray(at, at + 4096));
  return text;
}
