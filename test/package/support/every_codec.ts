import type { ChestPhantom } from "../../../src/phantom/chest.js";
import { axialCtImage, ctImageElements } from "../../../src/phantom/ct_image.js";
import { writeDicom } from "../../../src/phantom/dicom_write.js";
import { encodeJpegLossless } from "../../../src/phantom/jpeg_lossless_encode.js";
import type { NamedBytes } from "../../../src/phantom/series.js";
import { encodeDct } from "../../support/dct_encode.js";
import { dctImageOf } from "../../support/dct_images.js";
import { openEncoders } from "../../support/jpeg_2000_encode.js";
import { encodeJpegLs } from "../../support/jpeg_ls_encode.js";
import { encodeRle } from "../../support/rle_encode.js";

/** A frame of 12 bits, stored unsigned. */
interface Stored {
  readonly rows: number;
  readonly columns: number;
  readonly samples: Uint16Array<ArrayBuffer>;
}

const PRECISION = 12;

/**
 * The phantom's series, its slices in turn in a transfer syntax of each codec: workers load those by address
 * that are not in their own file. All keep the values but the DCT, which with factors of 1 is within a HU or
 * two of them, a third of a gray level.
 */
export async function* everyCodecSeries(phantom: ChestPhantom): AsyncGenerator<NamedBytes> {
  const { jpeg2000, htj2k } = await openEncoders();
  const codecs: readonly (readonly [uid: string, encode: (stored: Stored) => Uint8Array])[] = [
    [
      "4.70",
      ({ samples, ...size }) => encodeJpegLossless(samples, { ...size, precision: PRECISION, predictor: 1 }),
    ],
    ["5", ({ samples }) => encodeRle(samples, { bitsAllocated: 16 })],
    ["4.80", ({ samples, ...size }) => encodeJpegLs(samples, { ...size, precision: PRECISION })],
    ["4.90", (stored) => jpeg2000({ ...stored, precision: PRECISION })],
    ["4.201", (stored) => htj2k({ ...stored, precision: PRECISION })],
    [
      "4.51",
      ({ samples, ...size }) =>
        encodeDct(dctImageOf(samples, { ...size, precision: PRECISION }, new Uint16Array(64).fill(1)), {
          sof: 0xc1,
        }),
    ],
  ];
  const { grid, seed } = phantom;
  const [columns, rows, slices] = grid.size;
  for (let z = 0; z < slices; z++) {
    const image = axialCtImage(grid, z, seed, slices - z);
    const samples = Uint16Array.from(phantom.slice(z), (hu) => hu - image.rescaleIntercept);
    const [uid, encode] = codecs[z % codecs.length];
    const transferSyntax = `1.2.840.10008.1.2.${uid}`;
    const frames = [encode({ rows, columns, samples })];
    yield {
      name: `${z}.dcm`,
      bytes: writeDicom({ transferSyntax, elements: ctImageElements(image) }, frames),
    };
  }
}
