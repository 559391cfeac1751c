import { HounsfieldError } from "../core/errors.js";
import { checkArgument, checkOptions, type Rule } from "../core/options.js";
import { finite, text } from "../core/rules.js";
import type { ChestPhantom } from "./chest.js";
import { axialCtImage, ctImageElements } from "./ct_image.js";
import { TRANSFER_SYNTAX, writeDicom } from "./dicom_write.js";
import { encodeJpegLossless } from "./jpeg_lossless_encode.js";
import { hash3 } from "./noise.js";

/** Options of phantomSeries. */
export interface PhantomSeriesOptions {
  /** JPEG Lossless SV1 unless told; also JPEG Lossless and explicit or implicit little endian. */
  readonly transferSyntax?: string;
  /** Which shuffled order the file names follow. */
  readonly shuffleSeed?: number;
}

/** A file that was made: its name and its bytes. */
export interface NamedBytes {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/**
 * The phantom as one CT series, a file a slice, made one at a time in the order of their names, CT_0001.dcm
 * and so on. Nothing but the headers says how the slices lie: names are shuffled, and Instance Number 1 is at
 * the head. Stored as scanners do: 12 bits, unsigned, Rescale Intercept -1024.
 * @throws HounsfieldError `unsupported-transfer-syntax`
 */
export function* phantomSeries(
  phantom: ChestPhantom,
  options: PhantomSeriesOptions = {},
): Generator<NamedBytes, void, undefined> {
  checkArgument("phantomSeries", "phantom", phantom, phantomRule);
  const rules = { transferSyntax: text, shuffleSeed: finite };
  const checked = checkOptions("phantomSeries", options, rules);
  const { transferSyntax = TRANSFER_SYNTAX.jpegLosslessSv1, shuffleSeed = 1 } = checked;
  if (!SUPPORTED.includes(transferSyntax)) {
    throw new HounsfieldError(
      "unsupported-transfer-syntax",
      `phantom series: transfer syntax ${transferSyntax}; accepted: ${SUPPORTED.join(", ")}`,
      { transferSyntax, accepted: SUPPORTED },
    );
  }
  const order = shuffledIndices(phantom.grid.size[2], shuffleSeed);
  for (const [i, k] of order.entries()) {
    yield { name: `CT_${String(i + 1).padStart(4, "0")}.dcm`, bytes: sliceFile(phantom, k, transferSyntax) };
  }
}

const phantomRule: Rule = (value) =>
  typeof (value as Partial<ChestPhantom> | null)?.slice === "function" &&
  Array.isArray((value as Partial<ChestPhantom>).grid?.size)
    ? undefined
    : "a phantom, as chestPhantom makes it";

const SUPPORTED: readonly string[] = Object.values(TRANSFER_SYNTAX);

function sliceFile(phantom: ChestPhantom, k: number, transferSyntax: string): Uint8Array<ArrayBuffer> {
  const { grid, seed } = phantom;
  const [columns, rows, slices] = grid.size;
  const image = axialCtImage(grid, k, seed, slices - k);
  const stored = Uint16Array.from(phantom.slice(k), (hu) => hu - image.rescaleIntercept);
  const elements = ctImageElements(image);
  const isNative =
    transferSyntax === TRANSFER_SYNTAX.explicitLittleEndian ||
    transferSyntax === TRANSFER_SYNTAX.implicitLittleEndian;
  // Predictor 4 where any is allowed, so that the two JPEG syntaxes differ.
  const predictor = transferSyntax === TRANSFER_SYNTAX.jpegLosslessSv1 ? 1 : 4;
  const pixels = isNative
    ? stored
    : [encodeJpegLossless(stored, { rows, columns, precision: image.bitsStored, predictor })];
  return writeDicom({ transferSyntax, elements }, pixels);
}

/** 0..count-1, Fisher and Yates's shuffle by hashed numbers. */
export function shuffledIndices(count: number, seed: number): number[] {
  const order = Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = hash3(i, count, 0, seed) % (i + 1);
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}
