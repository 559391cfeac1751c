import dicomParser, { type Element } from "dicom-parser";
import { describe, expect, test } from "vitest";
import { bytesSource } from "../../src/core/byte_source.js";
import type { DataElement } from "../../src/dicom/syntax/elements.js";
import { itemElements } from "../../src/dicom/syntax/parse_elements.js";
import { readUntilPixelData } from "../../src/dicom/syntax/read_data_set.js";
import { formatTag } from "../../src/dicom/syntax/tags.js";
import { itemsOf } from "../../src/dicom/syntax/values.js";
import { corpusFile, corpusManifest, hasCorpus } from "../support/dicom_data.js";
import {
  BIG_ENDIAN,
  CT_PIXELS,
  ctElements,
  EXPLICIT,
  element,
  file,
  IMPLICIT,
  item,
  joined,
  SEQUENCE_END,
  type Writing,
} from "../support/dicom_file.js";

const ITEM_END = Uint8Array.from([0xfe, 0xff, 0x0d, 0xe0, 0, 0, 0, 0]);
const UNDEFINED = 0xffffffff;

/**
 * An element as a line, its items below it: what both readers must agree on. dicom-parser takes Unknown of
 * defined length for bytes.
 */
function linesOf(elements: ReadonlyMap<number, DataElement>, depth = 0): string[] {
  const all = [...elements.values()].map((one) =>
    one.vr === "UN" && one.length >= 0 ? { ...one, items: undefined } : one,
  );
  return all.flatMap((one) => [
    `${" ".repeat(depth)}${formatTag(one.tag)} ${one.vr ?? "--"} ${valueText(one.items !== undefined, one.length, one.value)}`,
    ...itemElements(one).flatMap((inner, i) => [
      `${" ".repeat(depth)} item ${i}`,
      ...linesOf(inner, depth + 2),
    ]),
  ]);
}

function linesOfParser(elements: Readonly<Record<string, Element>>, bytes: Uint8Array, depth = 0): string[] {
  return Object.values(elements).flatMap((one) => {
    if (one.tag === "xfffee00d") return [];
    const value = bytes.subarray(one.dataOffset, one.dataOffset + one.length);
    return [
      `${" ".repeat(depth)}${formatTag(Number.parseInt(one.tag.slice(1), 16))} ${one.vr ?? "--"} ${valueText(one.items !== undefined, one.length, value)}`,
      ...(one.items ?? []).flatMap((inner, i) => [
        `${" ".repeat(depth)} item ${i}`,
        ...linesOfParser(inner.dataSet?.elements ?? {}, bytes, depth + 2),
      ]),
    ];
  });
}

/** Of long values only the length: they are jumped over where a window does not hold them. */
function valueText(items: boolean, length: number, value: Uint8Array): string {
  if (items) return "items";
  return length > 8192 ? `${length}` : `${length} ${Buffer.from(value.subarray(0, 64)).toString("hex")}`;
}

async function compared(name: string, bytes: Uint8Array): Promise<number> {
  const head = await readUntilPixelData(bytesSource(name, bytes));
  const ours = linesOf(head.elements);
  const parsed = dicomParser.parseDicom(bytes, { untilTag: "x7fe00010" });
  // Long sequences that nobody reads are jumped over: of them only tag and length are told.
  for (const { tag, length, items, value } of head.elements.values()) {
    const theirs = parsed.elements[`x${tag.toString(16).padStart(8, "0")}`];
    if (length > 8192 && value.length === 0 && !items && theirs) theirs.items = undefined;
  }
  const all = linesOfParser(parsed.elements, bytes);
  const theirs = all.filter((line) => !/^\((0002|7FE0),/.test(line));
  expect(
    ours.filter((line) => !line.startsWith("(7FE0,")),
    name,
  ).toEqual(theirs);
  return ours.length;
}

describe("elements are those that dicom-parser reads", () => {
  const nested = (writing: Writing) => {
    const inner = item(element("0008,0100", "SH", "INNER", writing));
    const open = joined([
      item(joined([element("0008,0104", "LO", "open", writing), ITEM_END]), UNDEFINED),
      item(joined([element("0008,1140", "SQ", inner, writing), element("0008,0102", "SH", "DCM", writing)])),
      SEQUENCE_END,
    ]);
    return [
      element("0008,1115", "SQ", open, { ...writing, length: UNDEFINED }),
      element("0008,1199", "SQ", "", writing),
      element("0040,0275", "SQ", joined([item(new Uint8Array(0)), inner]), writing),
    ];
  };

  test.each([
    [EXPLICIT, false],
    [IMPLICIT, true],
  ])("sequences of known and undefined lengths, in each other: %s", async (transferSyntax, implicit) => {
    const sequences = nested({ implicit });
    const pixels = element("7fe0,0010", "OW", CT_PIXELS, { implicit });
    const elements = [...sequences, ...ctElements({}, { implicit }), pixels];
    expect(await compared("nested", file({ transferSyntax, elements }))).toBeGreaterThan(30);
  });

  test.skipIf(!hasCorpus)("all files of the corpus that both read (needs ../shared/data)", async () => {
    let files = 0;
    let elements = 0;
    for (const row of corpusManifest().filter((one) => one.expected.startsWith("decode"))) {
      // Deflated data sets and big-endian numbers differ by design: ours are inflated, and turned round.
      if (/1\.2\.840\.10008\.1\.2\.(1\.99|2)$/.test(row.transfer_syntax)) continue;
      if (row.file.startsWith("codestreams/")) continue;
      const source = corpusFile(row.file);
      elements += await compared(row.file, await source.read(0, source.size));
      files++;
    }
    expect(files).toBeGreaterThan(150);
    expect(elements).toBeGreaterThan(10_000);
  });
});

describe("sequences", () => {
  const sequence = async (bytes: Uint8Array, vr = "SQ", length = bytes.length) => {
    const elements = [
      element("0008,1140", vr, bytes, { length }),
      ...ctElements(),
      element("7fe0,0010", "OW", CT_PIXELS),
    ];
    const head = await readUntilPixelData(bytesSource("a.dcm", file({ transferSyntax: EXPLICIT, elements })));
    return itemsOf({ file: "a.dcm", elements: head.elements }, 0x00081140);
  };

  test("Unknown of undefined length is one, in implicit VR (PS3.5 6.2.2)", async () => {
    const inner = element("0008,0100", "SH", "X1", { implicit: true });
    const [only] = await sequence(joined([item(inner), SEQUENCE_END]), "UN", UNDEFINED);
    expect(Buffer.from(only.elements.get(0x00080100)!.value).toString()).toBe("X1");
  });

  test("big endian: items, and the numbers in them", async () => {
    const big = { bigEndian: true };
    const inner = element("0028,0010", "US", 7, big);
    const header = Uint8Array.from([0xff, 0xfe, 0xe0, 0x00, 0, 0, 0, inner.length]);
    const elements = [
      element("0008,1140", "SQ", joined([header, inner]), big),
      ...ctElements({}, big),
      element("7fe0,0010", "OW", CT_PIXELS, big),
    ];
    const head = await readUntilPixelData(bytesSource("a", file({ transferSyntax: BIG_ENDIAN, elements })));
    const [only] = itemsOf({ file: "a", elements: head.elements }, 0x00081140);
    expect([...only.elements.get(0x00280010)!.value]).toEqual([7, 0]);
  });

  test("a VR that is none is let pass in a sequence, and refused outside", async () => {
    const odd = element("0009,1001", "??", "abcd");
    const [only] = await sequence(item(joined([odd, element("0009,1002", "SH", "Y")])));
    expect([...only.elements.keys()].map(formatTag)).toEqual(["(0009,1001)", "(0009,1002)"]);
    const elements = [...ctElements(), odd];
    await expect(
      readUntilPixelData(bytesSource("a", file({ transferSyntax: EXPLICIT, elements }))),
    ).rejects.toMatchObject({
      code: "malformed-dicom",
      message: expect.stringMatching(/\(0009,1001\).*no valid value representation/),
    });
  });

  const malformed = { code: "malformed-dicom", fields: { file: "a.dcm" } };
  test.each<[string, Uint8Array]>([
    ["no item where one must be", element("0008,0100", "SH", "AB")],
    ["an item longer than its sequence", item(element("0008,0100", "SH", "AB"), 100)],
    ["an element longer than its item", item(element("0008,0100", "SH", "AB", { length: 50 }))],
    ["bytes left over", joined([item(element("0008,0100", "SH", "AB")), Uint8Array.of(1, 2)])],
  ])("of known length, broken: %s; said when it is asked for, for most are not", async (_, bytes) => {
    await expect(sequence(bytes)).rejects.toMatchObject(malformed);
  });

  test("of undefined length and not closed: the file is refused", async () => {
    const noItem = element("0008,0100", "SH", "AB");
    await expect(sequence(noItem, "SQ", UNDEFINED)).rejects.toMatchObject(malformed);
    const open = item(element("0008,0100", "SH", "AB"));
    await expect(sequence(open, "SQ", UNDEFINED)).rejects.toMatchObject(malformed);
  });
});
