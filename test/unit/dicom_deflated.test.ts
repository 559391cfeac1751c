import { deflateRawSync } from "node:zlib";
import { expect, test } from "vitest";
import type { ByteSource } from "../../src/core/byte_source.js";
import { bytesSource } from "../../src/core/byte_source.js";
import { parseSlice } from "../../src/dicom/image/parse_header.js";
import { frameReader, readFrame } from "../../src/dicom/image/pixel_data.js";
import type { SliceHeader } from "../../src/dicom/image/slice_header.js";
import { CT_PIXELS, ctElements, ctSource, DEFLATED, element, file, joined } from "../support/dicom_file.js";
import { seededRandom } from "../support/random.js";

function deflatedFile(elements: readonly Uint8Array[], tail = new Uint8Array(0)): Uint8Array {
  return file({ transferSyntax: DEFLATED, elements: [deflateRawSync(joined(elements)), tail] });
}

const pixels = element("7fe0,0010", "OW", CT_PIXELS);
const parsed = (bytes: Uint8Array) => parseSlice(bytesSource("d.dcm", bytes));

test("header and frame are those of the same image without deflation, the pad byte left alone", async () => {
  const same = ({ source, transferSyntax, pixelData, ...rest }: SliceHeader) => rest;
  for (const tail of [new Uint8Array(0), new Uint8Array(1)]) {
    const header = await parsed(deflatedFile([...ctElements(), pixels], tail));
    expect(same(header)).toEqual(same(await parseSlice(ctSource("a"))));
    expect([header.transferSyntax, header.source.name]).toEqual([DEFLATED, "d.dcm"]);
    const frame = await readFrame(header);
    expect(frame).toEqual(CT_PIXELS);
    expect(frame.buffer.byteLength).toBe(frame.length);
  }
});

test("frames beyond what is kept in memory are inflated when asked for", async () => {
  const [rows, columns, frames] = [4096, 4096, 3];
  const random = seededRandom(1);
  const values = new Uint8Array(rows * columns * 2 * frames);
  for (let at = 0; at < values.length; at += 100_003) values[at] = random() * 256;
  const elements = ctElements({ "0028,0008": "3", "0028,0010": rows, "0028,0011": columns });
  const header = await parsed(deflatedFile([...elements, element("7fe0,0010", "OW", values)]));
  const reader = frameReader(header);
  const bytes = rows * columns * 2;
  for (const frame of [2, 0, 1]) {
    const wanted = values.subarray(frame * bytes, (frame + 1) * bytes);
    expect(Buffer.compare(await reader.read(frame), wanted), String(frame)).toBe(0);
  }
});

test("a cut, damage and trailing pixel data missing are refused, naming file and offset", async () => {
  const whole = deflatedFile([...ctElements(), pixels]);
  for (const cut of [1, 10, 100]) {
    await expect(parsed(whole.subarray(0, whole.length - cut)), String(cut)).rejects.toMatchObject({
      code: "truncated",
      fields: { file: "d.dcm", offset: whole.length - cut },
    });
  }
  const damaged = deflatedFile([...ctElements(), pixels]);
  damaged.fill(0xff, 170, 180);
  await expect(parsed(damaged)).rejects.toMatchObject({ fields: { file: "d.dcm" } });
  await expect(parsed(deflatedFile([...ctElements(), pixels.subarray(0, -2)]))).rejects.toMatchObject({
    code: "truncated",
    fields: { file: "d.dcm" },
  });
});

test("what inflates to more than a gigabyte is refused, and is never in memory", async () => {
  const chunk = deflateRawSync(new Uint8Array(2 ** 24), { finishFlush: 2 });
  const bomb = joined([...Array.from({ length: 65 }, () => chunk), Uint8Array.of(3, 0)]);
  const before = process.resourceUsage().maxRSS;
  await expect(parsed(file({ transferSyntax: DEFLATED, elements: [bomb] }))).rejects.toMatchObject({
    code: "limit-exceeded",
    fields: { file: "d.dcm", accepted: 2 ** 30 },
  });
  expect(process.resourceUsage().maxRSS - before).toBeLessThan(300 * 1024);
});

test("a source that fails later fails the frame", async () => {
  const bytes = deflatedFile([...ctElements(), pixels]);
  let fails = false;
  const source: ByteSource = {
    name: "d.dcm",
    size: bytes.length,
    read: async (start, end) => {
      if (fails) throw new Error("gone");
      return bytes.slice(start, end);
    },
  };
  await parseSlice(source);
  fails = true;
  await expect(parseSlice(source)).rejects.toMatchObject({ code: "io" });
});
