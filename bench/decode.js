// Milliseconds of CPU to decode a slice to its stored values, ours and what viewers ship, each transfer
// syntax in one process in interleaved rounds; then what the pool of workers adds to it. Times are CPU time
// of the process with all its threads, so that other load on the machine disturbs them little. Everybody's
// values are copied out: the peers' into a new buffer, as they do it, ours into one that is used again, as
// loading a volume does it, and once more into a new one.
//
//   node bench/decode.js [--slices 8] [--rounds 11] [--only NAME] [--json]        after `npm run build`
import { parseArgs } from "node:util";
import { codecFor } from "hounsfield/decode";
import { decodeInputs } from "./decode_inputs.js";
import { measurePool } from "./decode_pool.js";
import { openPeers } from "./peers.js";
import { interleave, stopwatch, summary } from "./timing.js";

/** CPU time of one decoder's turn. */
const LEAST_MILLISECONDS = 60;

const { values: options } = parseArgs({
  options: {
    slices: { type: "string", default: "8" },
    rounds: { type: "string", default: "11" },
    only: { type: "string" },
    json: { type: "boolean", default: false },
  },
});
const rounds = Number(options.rounds);
const { source, inputs } = await decodeInputs(Number(options.slices));
const peers = await openPeers();

/** @typedef {import("./decode_inputs.js").Slice} Slice */
/** @typedef {(slice: Slice) => ArrayBufferView} Decode bytes or values, in a buffer of any kind */

/**
 * Name, inputs, peers (the first is the one that viewers ship), and how far values may be from the first
 * peer's.
 * @type {readonly (readonly [name: string, input: keyof typeof inputs,
 * peerNames: Readonly<Record<string, keyof typeof peers>>, tolerance?: number])[]}
 */
const SYNTAXES = [
  [
    "JPEG Lossless .70",
    "losslessJpeg",
    { "jpeg-lossless-decoder-js": "losslessJs", "dcmjs-codecs": "dcmjsJpeg" },
  ],
  ["RLE .5", "rle", { "cornerstone's RLE": "rleJs", "dcmjs-codecs": "dcmjsRle" }],
  ["JPEG-LS .80", "jpegLs", { "codec-charls": "charLs", "dcmjs-codecs": "dcmjsJpegLs" }],
  ["JPEG-LS .81, near 2", "nearJpegLs", { "codec-charls": "charLs", "dcmjs-codecs": "dcmjsJpegLs" }],
  ["JPEG 2000 .90", "jpeg2000", { "codec-openjpeg": "openJpeg", "dcmjs-codecs": "dcmjsJpeg2000" }],
  ["JPEG 2000 .91, 10:1", "lossyJpeg2000", { "codec-openjpeg": "openJpeg", "dcmjs-codecs": "dcmjsJpeg2000" }],
  ["HTJ2K .201", "htj2k", { "codec-openjph": "openJph", "dcmjs-codecs": "dcmjsHtj2k" }],
  ["JPEG .50, 8 bits", "baselineJpeg", { "dcmjs-codecs": "dcmjsJpeg" }, 1],
  ["JPEG .51, 12 bits", "extendedJpeg", { "dcmjs-codecs": "dcmjsJpeg" }, 1],
  ["JPEG .55, 12 bits, progressive", "progressiveJpeg", { "dcmjs-codecs": "dcmjsJpeg" }, 1],
];

const chosen = SYNTAXES.filter(([name]) => !options.only || name.includes(options.only));
const cases = [];
for (const [name, input, peerNames, tolerance = 0] of chosen) {
  const slices = inputs[input];
  const codec = await codecFor(slices[0].frame.transferSyntax);
  const memory = new ArrayBuffer(slices[0].values.byteLength);
  /** @type {Record<string, Decode>} */
  const runs = {
    hounsfield: ({ bytes, frame }) => codec.decode(bytes, frame, memory),
    "hounsfield, new memory": ({ bytes, frame }) => codec.decode(bytes, frame),
    ...Object.fromEntries(Object.entries(peerNames).map(([peer, key]) => [peer, peers[key]])),
  };
  checkAlike(name, slices, runs, tolerance);
  cases.push({ name, slices, runs });
}

const times = await interleave(
  rounds,
  cases.flatMap(({ name, slices, runs }) =>
    Object.entries(runs).map(([decoder, decode]) => ({
      key: `${name}/${decoder}`,
      run: () => cpuOf(decode, slices),
    })),
  ),
);
const results = cases.map(({ name, slices, runs }) => ({
  syntax: name,
  bytes: Math.round(slices.reduce((sum, { bytes }) => sum + bytes.length, 0) / slices.length),
  decoders: Object.keys(runs).map((decoder) => ({
    decoder,
    ...summary(times.get(`${name}/${decoder}`) ?? []),
  })),
}));
const pool = await measurePool(inputs.losslessJpeg, 2 * rounds);

if (options.json) console.log(JSON.stringify({ source, rounds, results, pool }, null, 2));
else print();

function print() {
  const [{ frame }] = inputs.losslessJpeg;
  console.log(
    `${inputs.losslessJpeg.length} slices of ${source}, ${frame.rows} x ${frame.columns}, ${rounds} rounds`,
  );
  console.log(
    "CPU milliseconds a slice: median and least; how many times ours, by medians and by least times\n",
  );
  for (const { syntax, bytes, decoders } of results) {
    console.log(`${syntax}, ${(bytes / 1024).toFixed(0)} KiB a slice`);
    const [ours] = decoders;
    for (const { decoder, median, least } of decoders) {
      const ratios = [median / ours.median, least / ours.least].map((ratio) =>
        `${ratio.toFixed(2)}x`.padStart(8),
      );
      console.log(`  ${decoder.padEnd(26)}${[median, least].map(fixed).join("")}${ratios.join("")}`);
    }
  }
  console.log(
    `\nThe pool, ${pool.frames} frames of JPEG Lossless to HU, load average ${pool.load.toFixed(1)} on ${pool.cores} cores`,
  );
  for (const { name, cpu, wall } of pool.rows) {
    const times = [cpu.median, cpu.least, wall.median, wall.least].map(fixed);
    console.log(`  ${name.padEnd(38)} CPU${times[0]}${times[1]}  wall${times[2]}${times[3]}`);
  }
  const percent = (/** @type {number} */ ratio) => `${(100 * ratio).toFixed(1)} %`;
  const { messaging, scaling } = pool;
  const more = `${percent(messaging.median)} (by least times ${percent(messaging.least)})`;
  console.log(`  one worker takes ${more} more CPU time than this thread, memory transferred`);
  const times = [scaling.median, scaling.least].map((ratio) => `${ratio.toFixed(2)}x`);
  console.log(`  two workers are ${times[0]} as fast as one (by least times ${times[1]})`);
}

/**
 * Milliseconds a slice, over as many passes as make the clock's steps and the first slices of a turn count
 * little.
 * @param {Decode} decode
 * @param {readonly Slice[]} slices
 */
function cpuOf(decode, slices) {
  let passes = 0;
  const stop = stopwatch();
  do {
    for (const slice of slices) decode(slice);
    passes++;
  } while (stop().cpu < LEAST_MILLISECONDS);
  return stop().cpu / passes / slices.length;
}

/** @param {number} value */
function fixed(value) {
  return value.toFixed(3).padStart(9);
}

/**
 * Refuses to time decoders that do not agree.
 * @param {string} name
 * @param {readonly Slice[]} slices
 * @param {Readonly<Record<string, Decode>>} runs
 * @param {number} tolerance
 */
function checkAlike(name, slices, runs, tolerance) {
  for (const slice of slices) {
    const [own, fresh, peer] = Object.values(runs).map((decode) => valuesOf(decode(slice), slice));
    let worst = 0;
    for (const [i, value] of own.entries())
      worst = Math.max(worst, Math.abs(value - peer[i]), Math.abs(value - fresh[i]));
    if (worst > tolerance) throw new Error(`${name}: ours and the peer's values differ by up to ${worst}`);
  }
}

/** @param {ArrayBufferView} decoded @param {Slice} slice @returns {Uint8Array | Uint16Array} */
function valuesOf(decoded, { values }) {
  const { buffer, byteOffset } = decoded;
  return values instanceof Uint8Array
    ? new Uint8Array(buffer, byteOffset, values.length)
    : new Uint16Array(buffer, byteOffset, values.length);
}
