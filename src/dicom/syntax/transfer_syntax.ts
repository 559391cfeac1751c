/**
 * Transfer syntaxes whose pixel data is not compressed, and the one whose whole data set is (PS3.5 annex A).
 */
export const IMPLICIT_LITTLE_ENDIAN = "1.2.840.10008.1.2";
export const EXPLICIT_LITTLE_ENDIAN = "1.2.840.10008.1.2.1";
export const DEFLATED_EXPLICIT_LITTLE_ENDIAN = "1.2.840.10008.1.2.1.99";
export const EXPLICIT_BIG_ENDIAN = "1.2.840.10008.1.2.2";

const NATIVE: ReadonlySet<string> = new Set([
  IMPLICIT_LITTLE_ENDIAN,
  EXPLICIT_LITTLE_ENDIAN,
  DEFLATED_EXPLICIT_LITTLE_ENDIAN,
  EXPLICIT_BIG_ENDIAN,
]);

/** Whether frames lie one after the other as plain samples, with a stated length. */
export function isNative(transferSyntax: string): boolean {
  return NATIVE.has(transferSyntax);
}

/**
 * How the elements of a data set are written: with their VRs or without, and in which order of bytes
 * (PS3.5 7.1, 7.3).
 */
export interface Encoding {
  readonly explicit: boolean;
  readonly bigEndian: boolean;
}
