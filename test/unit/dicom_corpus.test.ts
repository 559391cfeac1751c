import { describe, expect, test } from "vitest";
import { HounsfieldError, isHounsfieldError } from "../../src/core/errors.js";
import { parseSlice } from "../../src/dicom/image/parse_header.js";
import { readFrame } from "../../src/dicom/image/pixel_data.js";
import { EXPLICIT_BIG_ENDIAN, isNative } from "../../src/dicom/syntax/transfer_syntax.js";
import { corpusFile, corpusManifest, hasCorpus, sha256 } from "../support/dicom_data.js";
import { joined } from "../support/dicom_file.js";

const manifest = hasCorpus ? corpusManifest() : [];

describe.skipIf(!hasCorpus)("the DICOM corpus (needs ../shared/data)", () => {
  test("every file is a header or a tagged refusal that names it in one line", async () => {
    expect(manifest.length).toBeGreaterThan(250);
    for (const { file } of manifest) {
      const outcome = await parseSlice(corpusFile(file)).catch((error: unknown) => error);
      if (!(outcome instanceof HounsfieldError)) expect(outcome, file).toHaveProperty("rows");
      else
        expect([
          outcome.message.startsWith(`${file}: `),
          outcome.message.includes("\n"),
          outcome.fields.file,
        ]).toEqual([true, false, file]);
    }
  });

  test("headers agree with the manifest", async () => {
    let read = 0;
    for (const row of manifest.filter(
      (one) => one.expected.startsWith("decode") && !one.file.startsWith("codestreams/"),
    )) {
      const header = await parseSlice(corpusFile(row.file));
      const got = [
        header.transferSyntax,
        header.rows,
        header.columns,
        header.numberOfFrames,
        header.bitsAllocated,
      ];
      const frames = row.frames === "" ? 1 : Number(row.frames);
      expect(got, row.file).toEqual([
        row.transfer_syntax,
        Number(row.rows),
        Number(row.cols),
        frames,
        Number(row.bits_allocated),
      ]);
      expect([header.bitsStored, header.pixelRepresentation], row.file).toEqual([
        Number(row.bits_stored),
        Number(row.pixel_representation),
      ]);
      read++;
    }
    expect(read).toBeGreaterThan(200);
  });

  test("whole-sample uncompressed frames have the manifest's hash", async () => {
    let compared = 0;
    for (const row of manifest.filter(
      (one) => one.expected === "decode" && one.bits_stored === one.bits_allocated,
    )) {
      if (!isNative(row.transfer_syntax) || !row.file.endsWith(".dcm")) continue;
      // Their samples are for a decoder to turn round.
      if (row.transfer_syntax === EXPLICIT_BIG_ENDIAN) continue;
      const header = await parseSlice(corpusFile(row.file));
      const frames = await Promise.all(
        Array.from({ length: header.numberOfFrames }, (_, frame) => readFrame(header, frame)),
      );
      expect(sha256(joined(frames)), row.file).toBe(row.values_sha256);
      compared++;
    }
    expect(compared).toBeGreaterThan(100);
  });

  test("compressed frames begin where their code streams do", async () => {
    const starts = new Set(["ffd8", "ff4f", "0000"]);
    let frames = 0;
    for (const row of manifest.filter(
      (one) => /^decode/.test(one.expected) && /\.2\.4\./.test(one.transfer_syntax),
    )) {
      if (row.file.startsWith("codestreams/")) continue;
      const header = await parseSlice(corpusFile(row.file));
      for (let frame = 0; frame < header.numberOfFrames; frame++, frames++) {
        const bytes = await readFrame(header, frame);
        // 0000: a JP2 box in place of a bare stream.
        expect(starts, row.file).toContain(Buffer.from(bytes.subarray(0, 2)).toString("hex"));
        // One byte of padding may follow the end of the stream, of any value.
        expect(Buffer.from(bytes.subarray(-3)).toString("hex"), row.file).toContain("ffd9");
      }
    }
    expect(frames).toBeGreaterThan(40);
  });

  test.each([
    ["malformed/DICOMDIR", "unsupported-image"],
    ["malformed/MR_truncated.dcm", "truncated"],
    ["malformed/TC0233_rows_US_as_UL.dcm", "truncated"],
    ["malformed/TC0243_pixeldata_OB_as_OW.dcm", "malformed-dicom"],
    ["malformed/TC0285_buf_half.dcm", "malformed-dicom"],
    ["malformed/TC0291_buf_zero.dcm", "malformed-dicom"],
    ["malformed/TC0295_rows_zero.dcm", "malformed-dicom"],
    ["malformed/TC0299_bits_bsstored_gt_ba.dcm", "malformed-dicom"],
    ["malformed/TC0305_bits_ba_zero.dcm", "malformed-dicom"],
    ["malformed/TC0311_bits_ba_nine.dcm", "malformed-dicom"],
    ["malformed/TC0327_mono2_spp3.dcm", "malformed-dicom"],
    ["malformed/TC0339_mf_nf_million.dcm", "malformed-dicom"],
    ["malformed/TC0401_invalid_ts.dcm", "unsupported-transfer-syntax"],
    ["malformed/TC0713_encap_frag_len_2gb.dcm", "malformed-dicom"],
    ["malformed/TC0725_encap_bad_bot_offsets.dcm", "malformed-dicom"],
    ["malformed/TC0727_encap_no_delim.dcm", "malformed-dicom"],
    ["malformed/TC0925_minmax_ba8_bs16.dcm", "malformed-dicom"],
    ["malformed/TC0945_ect_10k_frames_0pfg.dcm", "malformed-dicom"],
    ["malformed/TC0969_midvalue_truncation.dcm", "truncated"],
    ["malformed/TC0975_px_4096sq_16b.dcm", "malformed-dicom"],
    ["malformed/TC1141_oob_len_len_2GB.dcm", "truncated"],
    ["malformed/TC1151_odd_len_len3.dcm", "malformed-dicom"],
    ["malformed/badVR.dcm", "malformed-dicom"],
    ["malformed/git-lfs-pointer.dcm", "git-lfs-pointer"],
    // Not cut: its pixel data of two bytes are all there, and Rows is not.
    ["malformed/meta_missing_tsyntax.dcm", "malformed-dicom"],
    ["malformed/no_meta.dcm", "not-dicom"],
    // No image, whole or not: set aside, and its damage said.
    ["malformed/rtplan_truncated.dcm", "unsupported-image"],
    ["unsupported/HTJ2KLossless_08_RGB.dcm", "unsupported-image"],
    ["unsupported/SC_rgb_jpeg_gdcm.dcm", "unsupported-image"],
    ["unsupported/examples_palette.dcm", "unsupported-image"],
    ["unsupported/liver_1frame.dcm", "unsupported-image"],
    ["unsupported/parametric_map_float.dcm", "unsupported-image"],
    ["unsupported/reportsi.dcm", "unsupported-image"],
    ["unsupported/rtstruct.dcm", "unsupported-image"],
    ["malformed/TC0345_deflate_corrupt.dcm", "truncated"],
  ])("%s: %s", async (name, code) => {
    await expect(parseSlice(corpusFile(name))).rejects.toMatchObject({ code, fields: { file: name } });
  });

  test("what must be rejected is refused here, or its frame is left to the decoder", async () => {
    // Delimiters beside pixel data that are whole: read, each with what it says (lenient_reading.test.ts).
    const whole = ["TC0277", "TC0279"];
    const byDecoder = [...whole, "TC0321", "TC0847", "TC0855", "TC0857", "TC0955", "TC0961", "_too_short"];
    for (const { file } of manifest.filter((row) => row.expected.startsWith("must be rejected"))) {
      if (byDecoder.some((part) => file.includes(part))) continue;
      await expect(parseSlice(corpusFile(file)), file).rejects.toSatisfy(isHounsfieldError);
    }
  });
});
