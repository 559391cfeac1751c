import { describe, expect, test } from "vitest";
import { createJpegDctCodec } from "../../src/decode/codecs/jpeg_dct/jpeg_dct.js";
import { corpusFrames, differenceOf, lossyReference, rowsOf } from "../support/dct_reference.js";
import { hasCorpus } from "../support/dicom_data.js";

const codec = await createJpegDctCodec();
const rows = rowsOf(["50", "51", "53", "55"].map((n) => `1.2.840.10008.1.2.4.${n}`));
const decodable = rows.filter((row) => row.expected.startsWith("decode"));

describe.skipIf(!hasCorpus)("JPEG DCT files of the corpus (needs ../shared/data)", () => {
  test("there are some of each transfer syntax", () => {
    expect(new Set(decodable.map((row) => row.transfer_syntax)).size).toBe(4);
  });

  test.each(decodable)("$file is near what other decoders give", async ({ file }) => {
    const { frames, frame } = await corpusFrames(file);
    expect(frames.length).toBe(1);
    const reference = lossyReference(file, frame)!;
    const { largest, mean } = differenceOf(codec.decode(frames[0], frame), reference);
    expect(largest).toBeLessThanOrEqual(1);
    expect(mean).toBeLessThan(0.04);
  });
});
