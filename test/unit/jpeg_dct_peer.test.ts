import { describe, expect, test } from "vitest";
import { createJpegDctCodec } from "../../src/decode/codecs/jpeg_dct/jpeg_dct.js";
import { encodeDct } from "../support/dct_encode.js";
import { frameOf, idealSamples, randomDctImage } from "../support/dct_images.js";
import { openPeer } from "../support/dct_peer.js";
import { differenceOf } from "../support/dct_reference.js";
import { randomInteger, seededRandom } from "../support/random.js";

const codec = await createJpegDctCodec();
const peer = await openPeer();

describe("DCMTK's JPEG, as built by dcmjs-codecs", () => {
  test("its 8-bit streams of odd sizes: the same samples to 1, and near what was encoded", () => {
    const random = seededRandom(31);
    for (let n = 0; n < 40; n++) {
      const image = {
        rows: randomInteger(random, 1, 60),
        columns: randomInteger(random, 1, 60),
        precision: 8,
      };
      const values = Uint8Array.from({ length: image.rows * image.columns }, (_, i) => {
        const [x, y] = [i % image.columns, Math.floor(i / image.columns)];
        return 128 + 90 * Math.sin(x / 9) * Math.cos(y / 7) + 20 * random();
      });
      const bytes = peer.encode(values, image, 95);
      const got = codec.decode(bytes, frameOf(image));
      expect(differenceOf(got, peer.decode(bytes, image)).largest).toBeLessThanOrEqual(1);
      expect(differenceOf(got, values).largest).toBeLessThanOrEqual(12);
    }
  });

  test.each([8, 12] as const)("our streams of %i bits: it reads the same samples, to 2", (precision) => {
    const random = seededRandom(32 + precision);
    for (let n = 0; n < 40; n++) {
      const size = { rows: randomInteger(random, 1, 60), columns: randomInteger(random, 1, 60), precision };
      const image = randomDctImage(random, size, 40);
      const bytes = encodeDct(image, { sof: 0xc1, restartInterval: randomInteger(random, 0, 5) });
      const got = codec.decode(bytes, frameOf(image));
      // Its integer arithmetic is off by one here and there, and on some values far outside of the range of
      // samples it wraps around.
      const ideal = idealSamples(image);
      const theirs = peer.decode(bytes, image);
      const inside = [...ideal.keys()].filter((i) => ideal[i] > 0 && ideal[i] < 2 ** precision - 1);
      const pick = (values: ArrayLike<number>) => inside.map((i) => values[i]);
      expect(differenceOf(pick(got), pick(theirs)).largest).toBeLessThanOrEqual(2);
    }
  });
});
