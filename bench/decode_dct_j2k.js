// Milliseconds of CPU to decode a slice of JPEG (DCT, 8 and 12 bits), JPEG 2000 and HTJ2K to its stored values, in one process, in
// interleaved rounds: our codecs and what viewers ship. Slices of a study are encoded anew for each syntax; the values are copied out
// into a buffer of their own by each.
//
//   node bench/decode_dct_j2k.js FOLDER [ROUNDS] [SLICES]       FOLDER: DICOM files of transfer syntax .57 or .70, 12 bits
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import dcmjsCodecs from "dcmjs-codecs";
import dicomParser from "dicom-parser";
import { createServer } from "vite";

const root = fileURLToPath(new URL("..", import.meta.url));
const [folder, rounds = "7", slices = "10"] = process.argv.slice(2);
if (!folder) throw new Error("node bench/decode_dct_j2k.js FOLDER [ROUNDS] [SLICES]");
const require = createRequire(import.meta.url);

// From the sources, not from dist/: the public surface has no codecs.
const server = await createServer({
  root,
  configFile: false,
  appType: "custom",
  server: { middlewareMode: true, ws: false, watch: null },
  optimizeDeps: { noDiscovery: true },
});
const load = (path) => server.ssrLoadModule(path);
const { createJpegLosslessCodec } = await load("/src/decode/codecs/jpeg_lossless.ts");
const { createJpegDctCodec } = await load("/src/decode/codecs/jpeg_dct.ts");
const { createJpeg2000Codec } = await load("/src/decode/codecs/jpeg_2000.ts");
const { createHtj2kCodec } = await load("/src/decode/codecs/htj2k.ts");
const { encodeDct } = await load("/test/support/dct_encode.ts");
const { dctImageOf } = await load("/test/support/dct_images.ts");
const { openEncoders } = await load("/test/support/jpeg_2000_encode.ts");
const own = {
  dct: await createJpegDctCodec(),
  jpeg2000: await createJpeg2000Codec(),
  htj2k: await createHtj2kCodec(),
};
const encoders = await openEncoders();
const lossless = await createJpegLosslessCodec();
// Loads what the codecs load lazily before the server goes.
await server.close();

const quiet = () => ({ print() {}, printErr() {} });
const openJpeg = await require("@cornerstonejs/codec-openjpeg/decodewasmjs")(quiet());
const openJph = await require("@cornerstonejs/codec-openjph/wasmjs")(quiet());
const { Context, NativeCodecs } = dcmjsCodecs;
await NativeCodecs.initializeAsync({
  webAssemblyModulePathOrUrl: require.resolve("dcmjs-codecs/build/dcmjs-native-codecs.wasm"),
});

const images = spread(
  readdirSync(folder)
    .filter((name) => name.endsWith(".dcm"))
    .sort(),
  Number(slices),
).map(readImage);

/** As the worker pool gives it, slice after slice. */
const memory = new ArrayBuffer(2 ** 20);

/** T.81 table K.1 in zigzag order, and what makes of it a quality that is used for 12 bits. */
const LUMINANCE = [
  16, 11, 12, 14, 12, 10, 16, 14, 13, 14, 18, 17, 16, 19, 24, 40, 26, 24, 22, 22, 24, 49, 35, 37, 29, 40, 58,
  51, 61, 60, 57, 51, 56, 55, 64, 72, 92, 78, 64, 68, 87, 69, 55, 56, 80, 109, 81, 87, 95, 98, 103, 104, 103,
  62, 77, 113, 121, 112, 100, 120, 92, 101, 103, 99,
];
const fine = Uint16Array.from(LUMINANCE, (factor) => Math.max(1, Math.round(factor / 4)));
const SPECTRAL = [
  { first: 0, last: 0, high: 0, low: 0 },
  { first: 1, last: 5, high: 0, low: 2 },
  { first: 6, last: 63, high: 0, low: 2 },
  { first: 1, last: 63, high: 2, low: 1 },
  { first: 1, last: 63, high: 1, low: 0 },
];

const cases = {
  "JPEG baseline, 8 bits (.50)": [own.dct, dcmjs("decodeJpeg"), images.map(baseline)],
  "JPEG extended, 12 bits (.51)": [own.dct, dcmjs("decodeJpeg"), images.map(extended({ sof: 0xc1 }))],
  "JPEG progressive, 12 bits (.55)": [
    own.dct,
    dcmjs("decodeJpeg"),
    images.map(extended({ sof: 0xc2, scans: SPECTRAL })),
  ],
  "JPEG 2000 lossless (.90)": [
    own.jpeg2000,
    dcmjs("decodeJpeg2000"),
    images.map(wavelet("jpeg2000", {})),
    openJpegRaw,
  ],
  "JPEG 2000 lossy (.91)": [own.jpeg2000, dcmjs("decodeJpeg2000"), images.map(lossyWavelet), openJpegRaw],
  "HTJ2K lossless (.201)": [
    own.htj2k,
    dcmjs("decodeHtJpeg2000"),
    images.map(wavelet("htj2k", {})),
    openJphRaw,
  ],
};

for (const [name, [codec, dcmjsDecode, frames, raw]] of Object.entries(cases)) {
  const runs = {
    ours: ({ bytes, frame }) => codec.decode(bytes, frame),
    "ours, memory used again": ({ bytes, frame }) => codec.decode(bytes, frame, memory),
    "ours, to HU": ({ bytes, frame }) => codec.decodeHu(bytes, frame, { slope: 1, intercept: -1024 }),
    ...(raw && { "the package by itself": raw }),
    "dcmjs-codecs": dcmjsDecode,
  };
  report(name, frames, runs);
}

function report(title, frames, runs) {
  const bytes = frames.reduce((sum, frame) => sum + frame.bytes.length, 0) / frames.length;
  console.log(`\n${title}, ${(bytes / 1024).toFixed(0)} KiB a slice, ${frames.length} slices`);
  const times = new Map(Object.keys(runs).map((name) => [name, []]));
  for (let round = 0; round <= Number(rounds); round++) {
    // Each has its turn at being first.
    const order = Object.entries(runs);
    order.push(...order.splice(0, round % order.length));
    for (const [name, run] of order) {
      const before = process.cpuUsage();
      for (const frame of frames) run(frame);
      const { user, system } = process.cpuUsage(before);
      if (round > 0) times.get(name).push((user + system) / 1000 / frames.length);
    }
  }
  const reference = median(times.get("ours"));
  for (const [name, values] of times) {
    const [least, middle] = [Math.min(...values), median(values)].map((value) =>
      value.toFixed(3).padStart(8),
    );
    const ratio = (median(values) / reference).toFixed(2);
    console.log(`  ${name.padEnd(24)} median ${middle} ms  least ${least} ms  ${ratio}x`);
  }
}

function dcmjs(method) {
  return ({ bytes, frame }) => {
    const context = dcmjsContext(frame, { encodedBuffer: bytes });
    return NativeCodecs[method](context).getDecodedBuffer();
  };
}

function dcmjsContext(frame, buffers) {
  return new Context({
    width: frame.columns,
    height: frame.rows,
    bitsAllocated: frame.bitsAllocated,
    bitsStored: frame.bitsStored,
    samplesPerPixel: 1,
    pixelRepresentation: 0,
    planarConfiguration: 0,
    photometricInterpretation: "MONOCHROME2",
    ...buffers,
  });
}

function openJpegRaw({ bytes }) {
  return decodeRaw(new openJpeg.J2KDecoder(), bytes);
}

function openJphRaw({ bytes }) {
  return decodeRaw(new openJph.HTJ2KDecoder(), bytes);
}

function decodeRaw(decoder, bytes) {
  decoder.getEncodedBuffer(bytes.length).set(bytes);
  decoder.decode();
  const values = decoder.getDecodedBuffer().slice();
  decoder.delete();
  return values;
}

/** A lung window in 8 bits. */
function baseline({ values, frame }) {
  const small = { ...frame, bitsAllocated: 8, bitsStored: 8, highBit: 7 };
  const decodedBuffer = Uint8Array.from(values, (value) => Math.min(255, Math.max(0, (value - 24) / 5.5)));
  const encoded = NativeCodecs.encodeJpeg(dcmjsContext(small, { decodedBuffer }), {
    lossy: true,
    quality: 90,
  });
  return { bytes: encoded.getEncodedBuffer().slice(), frame: small };
}

function extended(encoding) {
  return ({ values, frame }) => {
    const image = dctImageOf(values, { rows: frame.rows, columns: frame.columns, precision: 12 }, fine);
    return { bytes: encodeDct(image, encoding), frame };
  };
}

function lossyWavelet({ values, frame }) {
  const decodedBuffer = new Uint8Array(values.buffer);
  const encoded = NativeCodecs.encodeJpeg2000(dcmjsContext(frame, { decodedBuffer }), {
    lossy: true,
    rate: 10,
  });
  return { bytes: encoded.getEncodedBuffer().slice(), frame };
}

function wavelet(kind, options) {
  return ({ values, frame }) => {
    const image = { rows: frame.rows, columns: frame.columns, precision: frame.bitsStored, samples: values };
    return { bytes: encoders[kind](image, { decompositions: 5, ...options }), frame };
  };
}

function readImage(name) {
  const data = dicomParser.parseDicom(readFileSync(join(folder, name)));
  const element = data.elements.x7fe00010;
  const { fragments } = element;
  const bytes = dicomParser.readEncapsulatedPixelDataFromFragments(data, element, 0, fragments.length);
  const frame = {
    transferSyntax: data.string("x00020010"),
    rows: data.uint16("x00280010"),
    columns: data.uint16("x00280011"),
    samplesPerPixel: 1,
    bitsAllocated: 16,
    bitsStored: 12,
    highBit: 11,
    pixelRepresentation: 0,
  };
  const values = lossless.decode(Uint8Array.from(bytes), frame).slice();
  return { values, frame };
}

function spread(items, count) {
  const step = Math.max(1, items.length / count);
  return Array.from({ length: Math.min(count, items.length) }, (_, i) => items[Math.floor(i * step)]);
}

function median(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}
