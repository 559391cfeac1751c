import { test } from "vitest";
import { createHtj2kCodec } from "../../src/decode/codecs/htj2k.js";
import { createJpeg2000Codec } from "../../src/decode/codecs/jpeg_2000.js";
import { firstDifference } from "../support/arrays.js";
import { frameOf } from "../support/dct_images.js";
import { openEncoders } from "../support/jpeg_2000_encode.js";
let sharedEncoders: any;
const codecs = { jpeg2000: await createJpeg2000Codec(), htj2k: await createHtj2kCodec() };
test("x", async () => {
  const out: string[] = [];
  for (const kind of ["jpeg2000", "htj2k"] as const)
  for (const signed of [false, true]) for (const precision of [8, 12, 16]) for (const tile of [undefined, {width:32,height:32}]) for (const decompositions of [0,1,3,5]) for (const [rows, columns] of [[64,64],[61,47],[20,30],[5,3],[1,1]]) {
    const encoders = sharedEncoders ??= await openEncoders();
    const low = signed ? -(2**(precision-1)) : 0;
    const v = Array.from({length: rows*columns}, (_, i) => low + ((i * 37) % (2**precision)));
    const S = signed ? (precision>8?Int16Array:Int8Array) : precision>8?Uint16Array:Uint8Array;
    const image = { rows, columns, precision, samples: S.from(v) };
    let r;
    try { const bytes = encoders[kind](image, { tile, decompositions });
      try { const got = codecs[kind].decode(bytes, frameOf(image, {pixelRepresentation: signed?1:0})); const d = firstDifference(got, image.samples); r = d < 0 ? "ok" : `diff@${d} ${got[d]} ${image.samples[d]}`; } catch (e) { r = "DEC " + String(e).slice(0,90); } } catch (e) { sharedEncoders = undefined; r = "ENC " + String(e).slice(0,60); }
    if (r !== "ok") out.push([kind, signed?"s":"u", precision, tile?"tile":"", "dec"+decompositions, rows+"x"+columns, r].join(" "));
  }
  console.log(out.length, out.filter((l) => !l.includes("ENC") && !l.startsWith("jpeg2000 s 8")).slice(0, 60).join("\n"));
});
