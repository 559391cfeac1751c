// Milliseconds of CPU to decode a slice of JPEG Lossless to its stored values, in one process, in interleaved rounds: our decoder
// with one and with four cursors, and what viewers ship. The values are copied out into a buffer of their own by each.
//
//   node bench/decode.js FOLDER [ROUNDS]       FOLDER: DICOM files of transfer syntax .57 or .70; 40 of them are taken, spread evenly
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Decoder } from "@cornerstonejs/jpeg-lossless-decoder-js";
import dicomParser from "dicom-parser";
import { createServer } from "vite";

const root = fileURLToPath(new URL("..", import.meta.url));
const [folder, rounds = "9"] = process.argv.slice(2);
if (!folder) throw new Error("node bench/decode.js FOLDER [ROUNDS]");

// From the sources, not from dist/: the public surface has no codecs.
const server = await createServer({
  root,
  configFile: false,
  appType: "custom",
  server: { middlewareMode: true, ws: false, watch: null },
  optimizeDeps: { noDiscovery: true },
});
const { createJpegLosslessCodec } = await server.ssrLoadModule("/src/decode/codecs/jpeg_lossless.ts");
const four = await createJpegLosslessCodec();
const serial = await createJpegLosslessCodec({ cursors: 1 });
await server.close();
const slices = spread(
  readdirSync(folder)
    .filter((name) => name.endsWith(".dcm"))
    .sort(),
  40,
).map(readSlice);

const runs = {
  "four cursors": ({ bytes, frame }) => four.decode(bytes, frame),
  "four cursors, to HU": ({ bytes, frame }) => four.decodeHu(bytes, frame, { slope: 1, intercept: -1024 }),
  serial: ({ bytes, frame }) => serial.decode(bytes, frame),
  "@cornerstonejs/jpeg-lossless-decoder-js": ({ bytes }) =>
    new Decoder().decode(bytes.buffer, bytes.byteOffset, bytes.length, 2),
};

checkAlike();
const names = Object.keys(runs);
const times = new Map(names.map((name) => [name, []]));
for (let round = 0; round <= Number(rounds); round++) {
  for (const name of names) {
    const milliseconds = cpuMilliseconds(runs[name]) / slices.length;
    if (round > 0) times.get(name).push(milliseconds);
  }
}
const reference = median(times.get("four cursors"));
for (const name of names) {
  const sorted = times.get(name).sort((a, b) => a - b);
  const [least, middle] = [sorted[0], median(sorted)].map((value) => value.toFixed(3).padStart(8));
  console.log(
    `${name.padEnd(42)} median ${middle} ms  least ${least} ms  ${(median(sorted) / reference).toFixed(2)}x`,
  );
}

function cpuMilliseconds(decode) {
  const before = process.cpuUsage();
  for (const slice of slices) decode(slice);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

function checkAlike() {
  for (const slice of slices) {
    const peer = Buffer.from(runs["@cornerstonejs/jpeg-lossless-decoder-js"](slice).buffer);
    for (const own of [four, serial]) {
      const { buffer } = own.decode(slice.bytes, slice.frame);
      if (Buffer.compare(Buffer.from(buffer), peer) !== 0)
        throw new Error(`${slice.name}: the decoders differ`);
    }
  }
}

function readSlice(name) {
  const data = dicomParser.parseDicom(readFileSync(join(folder, name)));
  const { fragments } = data.elements.x7fe00010;
  const bytes = dicomParser.readEncapsulatedPixelDataFromFragments(
    data,
    data.elements.x7fe00010,
    0,
    fragments.length,
  );
  const frame = {
    transferSyntax: data.string("x00020010"),
    rows: data.uint16("x00280010"),
    columns: data.uint16("x00280011"),
    samplesPerPixel: 1,
    bitsAllocated: 16,
    bitsStored: data.uint16("x00280101"),
    highBit: data.uint16("x00280102"),
    pixelRepresentation: data.uint16("x00280103"),
  };
  return { name, bytes: Uint8Array.from(bytes), frame };
}

function spread(items, count) {
  const step = Math.max(1, items.length / count);
  return Array.from({ length: Math.min(count, items.length) }, (_, i) => items[Math.floor(i * step)]);
}

function median(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}
