import dicomParser from "dicom-parser";
import { describe, expect, test } from "vitest";
import { uidFromName } from "../../src/dicom/syntax/uid_from_name.js";
import { decimalString, encodeElement } from "../../src/dicom/syntax/write_element.js";
import { type CtImageDescription, ctImageElements } from "../../src/phantom/ct_image.js";
import { TRANSFER_SYNTAX, writeDicom } from "../../src/phantom/dicom_write.js";

const IMAGE: CtImageDescription = {
  seed: 3,
  instanceNumber: 17,
  rows: 2,
  columns: 3,
  bitsStored: 12,
  pixelRepresentation: 0,
  rescaleSlope: 1,
  rescaleIntercept: -1024,
  pixelSpacingMm: [0.7, 1 / 3],
  sliceThicknessMm: 2.5,
  imagePositionPatient: [-172.1259765625, -328.1259765625, -196.1],
  imageOrientationPatient: [1, 0, 0, 0, 1, 0],
  sliceLocation: -196.1,
  windowHu: [-600, 1500],
};
const WORDS = Uint16Array.of(0, 1, 1024, 4095, 7, 258);

function check(bytes: Uint8Array, transferSyntax: string): dicomParser.DataSet {
  const data = dicomParser.parseDicom(bytes);
  expect(data.string("x00020010")).toBe(transferSyntax);
  expect(data.string("x00020003")).toBe(data.string("x00080018"));
  // The group length reaches exactly to the first element of the data set.
  const afterMeta = 132 + 12 + data.uint32("x00020000")!;
  expect([...bytes.subarray(afterMeta, afterMeta + 4)]).toEqual([8, 0, 5, 0]);
  expect(Object.keys(data.elements).filter((tag) => tag > "x0003")).toEqual(
    Object.keys(data.elements)
      .filter((tag) => tag > "x0003")
      .sort(),
  );
  for (const tag of Object.keys(data.elements)) {
    const { length, hadUndefinedLength } = data.elements[tag];
    if (!hadUndefinedLength) expect(length % 2).toBe(0);
  }
  return data;
}

describe.each(Object.entries(TRANSFER_SYNTAX))("%s", (_name, transferSyntax) => {
  const isNative = !transferSyntax.includes(".4.");
  const frames = [Uint8Array.of(0xff, 0xd8, 1, 0xff, 0xd9), Uint8Array.of(2, 3)];
  const bytes = writeDicom({ transferSyntax, elements: ctImageElements(IMAGE) }, isNative ? WORDS : frames);

  test("dicom-parser reads every attribute of the image back", () => {
    const data = check(bytes, transferSyntax);
    expect(data.string("x00080016")).toBe("1.2.840.10008.5.1.4.1.1.2");
    expect(data.string("x00080008")).toBe("ORIGINAL\\PRIMARY\\AXIAL");
    expect(data.string("x00080060")).toBe("CT");
    expect(data.string("x00080070")).toBe("hounsfield phantom");
    expect(data.string("x00100010")).toBe("Phantom^Chest");
    expect(data.intString("x00200013")).toBe(17);
    expect([data.uint16("x00280010"), data.uint16("x00280011")]).toEqual([2, 3]);
    expect([data.uint16("x00280100"), data.uint16("x00280101"), data.uint16("x00280102")]).toEqual([
      16, 12, 11,
    ]);
    expect(data.uint16("x00280103")).toBe(0);
    expect([data.floatString("x00281052"), data.floatString("x00281053")]).toEqual([-1024, 1]);
    expect([data.floatString("x00281050"), data.floatString("x00281051")]).toEqual([-600, 1500]);
    expect(data.floatString("x00280030", 0)).toBe(0.7);
    expect(data.floatString("x00280030", 1)).toBeCloseTo(1 / 3, 13);
    expect([0, 1, 2].map((i) => data.floatString("x00200032", i))).toEqual(IMAGE.imagePositionPatient);
    expect([0, 1, 2, 3, 4, 5].map((i) => data.floatString("x00200037", i))).toEqual([1, 0, 0, 0, 1, 0]);
    expect(data.floatString("x00201041")).toBe(-196.1);
    expect(data.floatString("x00180050")).toBe(2.5);
    expect(data.floatString("x00180060")).toBe(120);
  });

  const nativeComesBack = () => {
    const { dataOffset, length } = check(bytes, transferSyntax).elements.x7fe00010;
    expect(new Uint16Array(bytes.slice(dataOffset, dataOffset + length).buffer)).toEqual(WORDS);
    expect(dataOffset + length).toBe(bytes.length);
  };

  const framesComeBack = () => {
    const data = check(bytes, transferSyntax);
    const pixels = data.elements.x7fe00010;
    expect(pixels.encapsulatedPixelData).toBe(true);
    expect(pixels.basicOffsetTable).toEqual([]);
    expect(pixels.fragments?.map((fragment) => fragment.length)).toEqual([6, 2]);
    const first = dicomParser.readEncapsulatedPixelDataFromFragments(data, pixels, 0);
    expect([...first]).toEqual([...frames[0], 0]);
    expect([...bytes.slice(-8)]).toEqual([0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0]);
  };

  if (isNative) test("native words come back", nativeComesBack);
  else test("each frame comes back as one even fragment", framesComeBack);
});

test("signed words are written as two's complement", () => {
  const elements = ctImageElements({ ...IMAGE, pixelRepresentation: 1 });
  const bytes = writeDicom(
    { transferSyntax: TRANSFER_SYNTAX.explicitLittleEndian, elements },
    Int16Array.of(-1, -2, 0, 1, 2, 3),
  );
  expect([...bytes.slice(-12, -8)]).toEqual([0xff, 0xff, 0xfe, 0xff]);
});

test("UIDs are valid, depend on the name alone and differ with it", () => {
  const uids = Array.from({ length: 500 }, (_, i) => uidFromName(`image ${i}`));
  expect(new Set(uids).size).toBe(500);
  expect(uids[3]).toBe(uidFromName("image 3"));
  for (const uid of uids) {
    expect(uid).toMatch(/^2\.25\.[1-9]\d{0,38}$/);
    const number = BigInt(uid.slice(5));
    expect((number >> 76n) & 15n).toBe(8n);
    expect((number >> 62n) & 3n).toBe(2n);
  }
});

test("decimal strings keep to 16 characters", () => {
  for (const value of [
    0,
    -1024,
    1 / 3,
    -1 / 3,
    -328.1259765625,
    1e-7 / 3,
    -1.23456789012345e22,
    123456789.12345679,
  ]) {
    const text = decimalString(value);
    expect(text.length).toBeLessThanOrEqual(16);
    expect(Math.abs(Number(text) - value)).toBeLessThanOrEqual(Math.abs(value) * 1e-8);
  }
});

test("an element of no value has no length, a text is padded by a space, a UID by a zero", () => {
  expect([...encodeElement({ tag: 0x00080090, vr: "PN", value: "" }, true)]).toEqual([
    8, 0, 0x90, 0, 80, 78, 0, 0,
  ]);
  expect([...encodeElement({ tag: 0x00080060, vr: "CS", value: "A" }, false).slice(4)]).toEqual([
    2, 0, 0, 0, 65, 32,
  ]);
  expect([...encodeElement({ tag: 0x00080018, vr: "UI", value: "1" }, false).slice(4)]).toEqual([
    2, 0, 0, 0, 49, 0,
  ]);
});

test("pixel data that do not suit the transfer syntax are refused", () => {
  const elements = ctImageElements(IMAGE);
  const write = () => writeDicom({ transferSyntax: TRANSFER_SYNTAX.jpegLosslessSv1, elements }, WORDS);
  expect(write).toThrow("native pixel data in transfer syntax 1.2.840.10008.1.2.4.70");
});

test("missing SOP UIDs are refused by tag", () => {
  const elements = ctImageElements(IMAGE).filter(({ tag }) => tag !== 0x00080018);
  const write = () => writeDicom({ transferSyntax: TRANSFER_SYNTAX.explicitLittleEndian, elements }, WORDS);
  expect(write).toThrow(expect.objectContaining({ fields: { tag: "(0008,0018)" } }));
});
