// Slices of a chest CT in every transfer syntax that the decode benchmark compares: of the patient P001 of
// COVID-CT-MD where ../shared/data has it, else of the phantom. What the patient's files do not bring is
// encoded anew, by the packages and the tests' own encoders.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import dcmjsCodecs from "dcmjs-codecs";
import dicomParser from "dicom-parser";
import { codecFor } from "hounsfield/decode";
import { chestPhantom, encodeJpegLossless } from "hounsfield/phantom";
import { createServer } from "vite";

const root = fileURLToPath(new URL("..", import.meta.url));
const patient = join(root, "../shared/data/covid-ct-md/COVID-19 subjects/P001");
/** @param {string} suffix */
const uid = (suffix) => `1.2.840.10008.1.2.${suffix}`;

/** @typedef {import("hounsfield/decode").FrameDescription} FrameDescription */

/**
 * A frame, and the stored values before encoding, from which lossy syntaxes differ.
 * @typedef {{ readonly bytes: Uint8Array<ArrayBuffer>, readonly frame: FrameDescription,
 * readonly values: Uint8Array | Uint16Array }} Slice
 */

/** T.81 table K.1 in zigzag order; divided by 4 it is of a quality that is used for 12 bits. */
const LUMINANCE = [
  16, 11, 12, 14, 12, 10, 16, 14, 13, 14, 18, 17, 16, 19, 24, 40, 26, 24, 22, 22, 24, 49, 35, 37, 29, 40, 58,
  51, 61, 60, 57, 51, 56, 55, 64, 72, 92, 78, 64, 68, 87, 69, 55, 56, 80, 109, 81, 87, 95, 98, 103, 104, 103,
  62, 77, 113, 121, 112, 100, 120, 92, 101, 103, 99,
];

/**
 * Scans of a progressive stream: the DC, low and high frequencies without their last two bits, then those
 * bits.
 */
const PROGRESSIVE = [
  { first: 0, last: 0, high: 0, low: 0 },
  { first: 1, last: 5, high: 0, low: 2 },
  { first: 6, last: 63, high: 0, low: 2 },
  { first: 1, last: 63, high: 2, low: 1 },
  { first: 1, last: 63, high: 1, low: 0 },
];

/**
 * Of each syntax, `count` slices spread evenly over the study.
 * @param {number} count
 */
export async function decodeInputs(count) {
  const slices = existsSync(patient) ? await patientSlices(count) : phantomSlices(count);
  const encoders = await openEncoders();
  /** @type {Partial<Record<keyof typeof encoders, Slice[]>>} */
  const encoded = {};
  for (const [name, encode] of Object.entries(encoders))
    encoded[/** @type {keyof typeof encoders} */ (name)] = slices.map((slice) => encode(slice));
  const inputs = /** @type {Record<keyof typeof encoders, Slice[]>} */ (encoded);
  const source = existsSync(patient) ? "COVID-CT-MD P001" : "the phantom";
  return { source, inputs: { losslessJpeg: slices, ...inputs } };
}

/** @param {number} count @returns {Promise<Slice[]>} */
async function patientSlices(count) {
  const names = readdirSync(patient).filter((name) => name.endsWith(".dcm"));
  const codec = await codecFor(uid("4.70"));
  return spread(names.sort(), count).map((name) => {
    const data = dicomParser.parseDicom(readFileSync(join(patient, name)));
    const element = data.elements.x7fe00010;
    const fragments = element.fragments ?? [];
    const frame = frameOf(data.uint16("x00280010"), data.uint16("x00280011"));
    // A buffer of its own, which can be transferred.
    const bytes = Uint8Array.from(
      dicomParser.readEncapsulatedPixelDataFromFragments(data, element, 0, fragments.length),
    );
    // Its pixels are unsigned: frameOf.
    const values = /** @type {Uint16Array} */ (codec.decode(bytes, frame));
    return { bytes, frame, values };
  });
}

/** @param {number} count @returns {Slice[]} */
function phantomSlices(count) {
  const phantom = chestPhantom({ size: [512, 512, count] });
  return Array.from({ length: count }, (_, z) => {
    const values = Uint16Array.from(phantom.slice(z), (hu) => Math.min(4095, Math.max(0, hu + 1024)));
    const bytes = encodeJpegLossless(values, { rows: 512, columns: 512, precision: 12 });
    return { bytes, frame: frameOf(512, 512), values };
  });
}

/** @param {number | undefined} rows @param {number | undefined} columns @returns {FrameDescription} */
function frameOf(rows = 0, columns = 0) {
  /** @type {Omit<FrameDescription, "transferSyntax" | "rows" | "columns">} */
  const bits = { samplesPerPixel: 1, bitsAllocated: 16, bitsStored: 12, highBit: 11, pixelRepresentation: 0 };
  return { transferSyntax: uid("4.70"), rows, columns, ...bits };
}

async function openEncoders() {
  const support = await testSupport();
  const foreign = await support.openEncoders();
  const jpegLs = await support.openJpegLsEncoder();
  const dcmjs = await openDcmjsCodecs();
  const image = (/** @type {Slice} */ { values, frame }) => ({
    ...frame,
    precision: frame.bitsStored,
    samples: values,
  });
  /**
   * @param {string} syntax
   * @param {(slice: Slice) => Uint8Array} encode
   * @returns {(slice: Slice) => Slice}
   */
  const as = (syntax, encode) => (slice) => ({
    bytes: Uint8Array.from(encode(slice)),
    frame: { ...slice.frame, transferSyntax: uid(syntax) },
    values: slice.values,
  });
  const discreteCosine =
    (/** @type {Parameters<typeof support.encodeDct>[1]} */ encoding) =>
    (/** @type {Slice} */ { values, frame }) => {
      const table = Uint16Array.from(LUMINANCE, (factor) => Math.round(factor / 4));
      const size = /** @type {const} */ ({ rows: frame.rows, columns: frame.columns, precision: 12 });
      return support.encodeDct(support.dctImageOf(values, size, table), encoding);
    };
  return {
    rle: as("5", ({ values }) => support.encodeRle(values)),
    jpegLs: as("4.80", ({ values, frame }) => jpegLs(values, { ...frame, precision: 12 })),
    nearJpegLs: as("4.81", ({ values, frame }) => jpegLs(values, { ...frame, precision: 12 }, 2)),
    jpeg2000: as("4.90", (slice) => foreign.jpeg2000(image(slice), { decompositions: 5 })),
    lossyJpeg2000: as("4.91", (slice) => lossyJpeg2000(dcmjs, slice)),
    htj2k: as("4.201", (slice) => foreign.htj2k(image(slice), { decompositions: 5 })),
    baselineJpeg: (/** @type {Slice} */ slice) => baseline(dcmjs, slice),
    extendedJpeg: as("4.51", discreteCosine({ sof: 0xc1 })),
    progressiveJpeg: as("4.55", discreteCosine({ sof: 0xc2, scans: PROGRESSIVE })),
  };
}

/**
 * A wide window in 8 bits: the only ones that baseline JPEG has.
 * @param {DcmjsCodecs} codecs
 * @param {Slice} slice
 * @returns {Slice}
 */
function baseline({ NativeCodecs, context }, { values, frame }) {
  /** @type {FrameDescription} */
  const narrow = { ...frame, transferSyntax: uid("4.50"), bitsAllocated: 8, bitsStored: 8, highBit: 7 };
  const window = Uint8Array.from(values, (value) => Math.min(255, Math.max(0, (value - 24) / 5.5)));
  const parameters = { lossy: true, quality: 90 };
  const encoded = NativeCodecs.encodeJpeg(context(narrow, { decodedBuffer: window }), parameters);
  return { bytes: bytesOf(encoded), frame: narrow, values: window };
}

/**
 * At about 10:1; the encoder that `jpeg2000` uses takes no rate.
 * @param {DcmjsCodecs} codecs
 * @param {Slice} slice
 */
function lossyJpeg2000({ NativeCodecs, context }, { values, frame }) {
  const decodedBuffer = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const encoded = NativeCodecs.encodeJpeg2000(context(frame, { decodedBuffer }), { lossy: true, rate: 10 });
  return bytesOf(encoded);
}

/** @param {{ getEncodedBuffer(): Uint8Array | undefined } | undefined} encoded */
function bytesOf(encoded) {
  const bytes = encoded?.getEncodedBuffer();
  if (!bytes) throw new Error("dcmjs-codecs encoded nothing");
  return Uint8Array.from(bytes);
}

/** @typedef {Awaited<ReturnType<typeof openDcmjsCodecs>>} DcmjsCodecs */

/** The codecs of `dcmjs-codecs`, and a context for them. */
export async function openDcmjsCodecs() {
  const { Context, NativeCodecs } = dcmjsCodecs;
  const file = createRequire(import.meta.url).resolve("dcmjs-codecs/build/dcmjs-native-codecs.wasm");
  if (!NativeCodecs.isInitialized()) await NativeCodecs.initializeAsync({ webAssemblyModulePathOrUrl: file });
  /**
   * @param {FrameDescription} frame
   * @param {{ encodedBuffer?: Uint8Array, decodedBuffer?: Uint8Array }} buffers
   */
  const context = ({ rows, columns, bitsAllocated, bitsStored }, buffers) =>
    new Context({
      ...{ width: columns, height: rows, bitsAllocated, bitsStored, samplesPerPixel: 1 },
      ...{ pixelRepresentation: 0, planarConfiguration: 0, photometricInterpretation: "MONOCHROME2" },
      ...buffers,
    });
  return { NativeCodecs, context };
}

/**
 * Encoders of the tests, which are TypeScript.
 * @returns {Promise<typeof import("../test/support/dct_encode.js")
 *   & typeof import("../test/support/dct_images.js")
 *   & typeof import("../test/support/jpeg_2000_encode.js") & typeof import("../test/fuzz/encode.js")>}
 */
async function testSupport() {
  const server = await createServer({
    root,
    configFile: false,
    appType: "custom",
    server: { middlewareMode: true, ws: false, watch: null },
    optimizeDeps: { noDiscovery: true },
  });
  const files = ["support/dct_encode", "support/dct_images", "support/jpeg_2000_encode", "fuzz/encode"];
  const modules = [];
  for (const file of files) modules.push(await server.ssrLoadModule(`/test/${file}.ts`));
  await server.close();
  return Object.assign({}, ...modules);
}

/** @template Item @param {readonly Item[]} items @param {number} count */
function spread(items, count) {
  const step = Math.max(1, items.length / count);
  return Array.from({ length: Math.min(count, items.length) }, (_, i) => items[Math.floor(i * step)]);
}
