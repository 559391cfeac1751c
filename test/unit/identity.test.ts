// Over 300 lines: each action and option of the profiles, on slices made by the same few helpers.
import { describe, expect, test } from "vitest";
import { bytesSource } from "../../src/core/byte_source.js";
import { isHounsfieldError } from "../../src/core/errors.js";
import {
  type ProfileOptions,
  profileAttributes,
  treatmentOf,
} from "../../src/dicom/identity/attribute_rules.js";
import { IdentityAuditor, maskedText } from "../../src/dicom/identity/audit_identity.js";
import { checkDeidentified } from "../../src/dicom/identity/check_deidentified.js";
import { deidentifiedFile } from "../../src/dicom/identity/deidentify_file.js";
import { shiftedDate } from "../../src/dicom/identity/replacement_values.js";
import { readWholeHeader } from "../../src/dicom/identity/whole_header.js";
import { parseSlice } from "../../src/dicom/image/parse_header.js";
import {
  BIG_ENDIAN,
  CT_PIXELS,
  type CtFields,
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
import { seededRandom } from "../support/random.js";

const NAME = "Mustermann^Erika";
const IDENTITY: CtFields = {
  "0008,0018": "1.3.12.2.1107.5.1.4.93005.30000020030503463271800000051",
  "0008,0020": "20200305",
  "0010,0010": NAME,
};
/** Everything that must not be found in a file that was made anonymous. */
const SECRETS = ["Mustermann", "Erika", "98C14734", "93005", "20200305", "1.3.12.2", "Klinikum", "SECRET"];

/** A CT with identity at every depth, in one way of writing. */
function identified(transferSyntax: string): Uint8Array {
  const writing: Writing = {
    implicit: transferSyntax === IMPLICIT,
    bigEndian: transferSyntax === BIG_ENDIAN,
  };
  const one = (tag: string, vr: string, value: string | Uint8Array | number, more: Writing = {}) =>
    element(tag, vr, value, { ...writing, ...more });
  const itemOf = (...elements: Uint8Array[]) => {
    const content = joined(elements);
    const bytes = item(content);
    return writing.bigEndian
      ? joined([Uint8Array.of(0xff, 0xfe, 0xe0, 0, 0, 0, 0, content.length), content])
      : bytes;
  };
  const nested = itemOf(
    one("0008,0100", "SH", "113014"),
    one("0040,a123", "PN", NAME),
    one("0008,1155", "UI", "1.3.12.2.7"),
  );
  const list = [
    ...ctElements({ ...IDENTITY, "0010,0010": undefined }, writing).slice(0, -15),
    one("0010,0010", "PN", NAME),
    one("0010,0020", "LO", "98C14734-ASSH"),
    one("0010,0040", "CS", "F"),
    one("0010,1010", "AS", "102Y"),
    // No row of the table: by its VR.
    one("0018,0015", "CS", "CHEST"),
    one("0018,1000", "LO", "93005"),
    one("0018,1020", "LO", "VA44A for Mustermann"),
    one("0019,0010", "LO", "SECRET BLOCK"),
    one("0019,1001", "LO", "SECRET"),
  ];
  const rest = ctElements(IDENTITY, writing).slice(-15);
  const sequence = one("0008,2218", "SQ", nested);
  const others = [one("0032,1060", "LO", "CT for Erika"), one("0008,0080", "LO", "Klinikum Nord")];
  const pixels = one("7fe0,0010", "OW", CT_PIXELS);
  const behind = one("fffc,fffc", "OB", new TextEncoder().encode("SECRET"));
  const all = [...list, sequence, ...others, ...rest];
  const tagOf = (bytes: Uint8Array) => {
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    const little = !writing.bigEndian;
    return view.getUint16(0, little) * 65536 + view.getUint16(2, little);
  };
  const sorted = all.sort((a, b) => tagOf(a) - tagOf(b));
  return file({ transferSyntax, elements: [...sorted, pixels, behind] });
}

const pseudonyms = {
  patientId: "ANON-0123456789ab",
  shiftDays: -10,
  uid: (old: string) =>
    `2.25.${Array.from(old).reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 1e9, 7)}`,
};

async function anonymous(bytes: Uint8Array, options: ProfileOptions = {}) {
  const header = await readWholeHeader(bytesSource("in.dcm", bytes));
  const made = deidentifiedFile(header, {
    table: profileAttributes(),
    options,
    pseudonyms,
    fallbackUid: "2.25.7777777",
  });
  return { bytes: made.bytes, text: new TextDecoder("latin1").decode(made.bytes) };
}

async function audited(...files: Uint8Array[]) {
  const auditor = new IdentityAuditor();
  for (const [i, bytes] of files.entries())
    auditor.add(await readWholeHeader(bytesSource(`${i}.dcm`, bytes)));
  return auditor.result();
}

describe.each([
  ["explicit", EXPLICIT],
  ["implicit", IMPLICIT],
  ["big endian", BIG_ENDIAN],
])("%s", (_, transferSyntax) => {
  test("nothing of identity is left at any depth, pixel data and syntax stay", async () => {
    const bytes = identified(transferSyntax);
    const before = await parseSlice(bytesSource("a", bytes));
    const made = await anonymous(bytes);
    for (const secret of SECRETS) expect(made.text.includes(secret), secret).toBe(false);
    const after = await parseSlice(bytesSource("b", made.bytes));
    expect(after).toMatchObject({
      transferSyntax,
      rows: 2,
      columns: 3,
      rescaleIntercept: -1024,
      modality: "CT",
    });
    const { offset, length } = after.pixelData;
    const { pixelData } = before;
    expect(made.bytes.subarray(offset, offset + length)).toEqual(
      bytes.subarray(pixelData.offset, pixelData.offset + pixelData.length),
    );
    expect(made.text).toContain("CHEST");
    // Codes are of the sequence that stays.
    expect(made.text).toContain("113014");
    const { findings, verdicts } = await audited(made.bytes);
    expect(findings).toEqual([]);
    expect(verdicts.every(({ attributes }) => attributes === 0)).toBe(true);
  });

  test("before, the audit finds it all, and shows none of it", async () => {
    const audit = await audited(identified(transferSyntax));
    const tags = audit.findings.map(({ tag }) => tag);
    for (const tag of [
      "(0008,0018)",
      "(0008,0020)",
      "(0010,0010)",
      "(0010,0020)",
      "(0040,A123)",
      "(0018,1000)",
    ])
      expect(tags).toContain(tag);
    const codes = audit.notes.map(({ code }) => code);
    expect(codes).toEqual(
      expect.arrayContaining(["date-in-uid", "serial-in-uid", "private-elements", "not-stated-removed"]),
    );
    for (const secret of SECRETS) expect(JSON.stringify(audit).includes(secret), secret).toBe(false);
  });
});

test("what is retained, and what is not though it is", async () => {
  const bytes = identified(EXPLICIT);
  const { text } = await anonymous(bytes, { retain: ["patient", "device", "descriptions"], dates: "shift" });
  // Ages above 89 are few people's.
  expect(text).toContain("090Y");
  expect(text).not.toContain("102Y");
  // The 5th of March less ten days, in a leap year.
  expect(text).toContain("20200224");
  // The description and the software's name have words of the patient's name.
  for (const secret of ["Erika", "Mustermann", "20200305"]) expect(text).not.toContain(secret);
  expect(text).toContain("113107");
  const kept = await anonymous(bytes, { retain: ["institution"], dates: "keep" });
  expect(kept.text).toContain("20200305");
  expect(kept.text).toContain("Klinikum Nord");
  for (const secret of ["98C14734", "93005 ", "Erika"]) expect(kept.text).not.toContain(secret);
  const device = await anonymous(bytes, { retain: ["device"] });
  expect(device.text).toContain("93005");
  expect(device.text).not.toContain("Klinikum");
});

test("the same UID is replaced by the same, wherever it stands", async () => {
  const { text } = await anonymous(identified(EXPLICIT));
  expect(text).toContain(pseudonyms.uid("1.3.12.2.7"));
  const mapped = pseudonyms.uid(String(IDENTITY["0008,0018"]));
  // In the data set and in the file meta information.
  expect(text.split(mapped)).toHaveLength(3);
});

test("a file without a SOP Instance UID gets one", async () => {
  const elements = [...ctElements({ "0008,0018": undefined }), element("7fe0,0010", "OW", CT_PIXELS)];
  const { text } = await anonymous(file({ transferSyntax: EXPLICIT, elements }));
  expect(text.split("2.25.7777777")).toHaveLength(3);
});

test("sequences of undefined length are rewritten whole", async () => {
  const inner = joined([item(element("0040,a123", "PN", NAME)), SEQUENCE_END]);
  const elements = [
    ...ctElements({}).filter((one) => one[0] !== 0x10 || one[1] !== 0x00),
    element("0040,0440", "SQ", inner, { length: 0xffffffff }),
    element("7fe0,0010", "OW", CT_PIXELS),
  ];
  const { bytes, text } = await anonymous(file({ transferSyntax: EXPLICIT, elements }));
  expect(text).not.toContain("Mustermann");
  expect((await parseSlice(bytesSource("a", bytes))).rows).toBe(2);
});

const withPixels = (...elements: Uint8Array[]) =>
  file({ transferSyntax: EXPLICIT, elements: [...elements, element("7fe0,0010", "OW", CT_PIXELS)] });
/** A CT with these elements beside its own, ascending. */
function ctWith(
  fields: CtFields,
  ...more: [tag: string, vr: string, value: string | Uint8Array][]
): Uint8Array {
  const own = Object.keys(fields).length > 0 ? ctElements(fields) : ctElements();
  const tagOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset);
  const key = (bytes: Uint8Array) =>
    tagOf(bytes).getUint16(0, true) * 65536 + tagOf(bytes).getUint16(2, true);
  const all = [...own, ...more.map(([tag, vr, value]) => element(tag, vr, value))];
  return withPixels(...all.sort((a, b) => key(a) - key(b)));
}

test("an ID whose digits stand in numbers, UIDs and terms takes none of these away", async () => {
  for (const id of ["1024", "10008", "0.75", "ORIGINAL"]) {
    const { bytes } = await anonymous(ctWith({ "0010,0010": undefined, "0010,0020": id }));
    const after = await parseSlice(bytesSource("a", bytes));
    expect(after).toMatchObject({ rescaleIntercept: -1024, modality: "CT", pixelSpacing: [0.75, 0.5] });
    expect(after.sopClassUid).toBe("1.2.840.10008.5.1.4.1.1.2");
    expect(after.imageType).toEqual(["ORIGINAL", "PRIMARY", "AXIAL"]);
  }
});

test("text of Unknown VR is judged by its looks, as without a VR", async () => {
  const unknown = ctWith(
    { "0010,0010": NAME },
    ["0018,9999", "UN", new TextEncoder().encode("seen by Mustermann")],
    ["0020,9998", "UN", new TextEncoder().encode("20200305")],
    ["0020,9999", "UN", new TextEncoder().encode("1.3.12.2.1107")],
    ["0021,0010", "UN", new TextEncoder().encode("SECRET")],
  );
  const { text } = await anonymous(unknown);
  for (const secret of ["Mustermann", "20200305", "1.3.12.2.1107", "SECRET"])
    expect(text).not.toContain(secret);
});

test("names beyond ASCII are found in kept text, byte for byte", async () => {
  const name = new TextEncoder().encode("山田^太郎 ");
  const said = new TextEncoder().encode("for 山田 ");
  const bytes = ctWith({ "0010,0010": undefined }, ["0010,0010", "PN", name], ["0018,1020", "LO", said]);
  const made = new TextDecoder().decode((await anonymous(bytes)).bytes);
  expect(made).not.toContain("山田");
});

test("a sequence that breaks its own lengths is refused by name, not halfway through", async () => {
  const broken = ctWith({ "0010,0010": undefined }, [
    "0040,0440",
    "SQ",
    joined([item(element("0040,a123", "PN", NAME), 500)]),
  ]);
  await expect(readWholeHeader(bytesSource("a", broken))).rejects.toMatchObject({ code: "malformed-dicom" });
});

test("random numbers are no dates: files that were made do not count by chance", async () => {
  const uid = "2.25.20200305123456789012345678901234567890";
  const made = await anonymous(ctWith({ "0020,000d": uid, "0020,0052": uid }));
  const odd = ctWith({ "0020,000d": uid });
  for (const bytes of [made.bytes, odd])
    expect((await audited(bytes)).notes.map(({ code }) => code)).not.toContain("date-in-uid");
});

test("what was left is found before a file gets its name", async () => {
  const table = profileAttributes();
  const read = async (bytes: Uint8Array) => readWholeHeader(bytesSource("a", bytes));
  const made = await read((await anonymous(identified(EXPLICIT))).bytes);
  expect(() => checkDeidentified(made, table, {}, pseudonyms.patientId)).not.toThrow();
  expect(() => checkDeidentified(made, table, {}, "somebody else's")).toThrow(/was left/);
  const kept = await read((await anonymous(identified(EXPLICIT), { retain: ["device"] })).bytes);
  expect(() => checkDeidentified(kept, table, { retain: ["device"] }, pseudonyms.patientId)).not.toThrow();
  expect(() => checkDeidentified(kept, table, {}, pseudonyms.patientId)).toThrow(/\(0018,1000\)/);
});

test("1,000 damaged files: made, or refused by a code", async () => {
  const random = seededRandom(3);
  const whole = identified(EXPLICIT);
  let made = 0;
  for (let round = 0; round < 1000; round++) {
    const bytes = whole.slice();
    for (let k = 0; k < 3; k++)
      bytes[132 + Math.floor(random() * (bytes.length - 132))] = Math.floor(random() * 256);
    try {
      await anonymous(bytes);
      made++;
    } catch (error) {
      expect(isHounsfieldError(error), `round ${round}: ${error}`).toBe(true);
    }
  }
  expect(made).toBeGreaterThan(100);
});

describe("rules", () => {
  const table = profileAttributes();
  const of = (tag: number, vr: string | undefined, text = "x", options: ProfileOptions = {}) =>
    treatmentOf({ tag, vr, text }, table, options);

  test("rows of the table", () => {
    expect(table.size).toBeGreaterThan(500);
    expect(of(0x00100010, "PN")).toBe("empty");
    expect(of(0x00081070, "PN")).toBe("remove");
    expect(treatmentOf({ tag: 0x00181000, vr: "LO" }, table, {}, true)).toBe("dummy");
    expect(of(0x00181000, "LO", "x", { retain: ["device"] })).toBe("keep");
    expect(of(0x00101010, "AS", "057Y", { retain: ["patient"] })).toBe("keep");
    expect(of(0x00080020, "DA", "20200305", { dates: "shift" })).toBe("shift-date");
    expect(of(0x00082112, "SQ")).toBe("keep");
  });

  test("what no row names: by VR, or by its looks where there is none", () => {
    expect(of(0x00189999, "PN")).toBe("remove");
    expect(of(0x00189999, "DT")).toBe("remove");
    expect(of(0x00189999, undefined, "20200305")).toBe("remove");
    expect(of(0x00189999, undefined, "20201305")).toBe("keep");
    expect(of(0x00189999, "UI", "1.3.12.2.1")).toBe("uid");
    expect(of(0x00189999, "UI", "1.2.840.10008.5.1.4.1.1.2")).toBe("keep");
    expect(of(0x00081150, "UI", "1.3.12.2.1107.5.9.1")).toBe("keep");
    expect(of(0x00189999, "LO", "20200305")).toBe("keep");
    expect(of(0x00190010, "LO")).toBe("remove");
    expect(of(0x60003000, "OW")).toBe("remove");
  });

  test("dates move across months and years; times and what is no date do not", () => {
    expect(shiftedDate("DA", "20200101", -1)).toBe("20191231");
    expect(shiftedDate("DT", "20200301101112.5", -1)).toBe("20200229101112.5");
    expect(shiftedDate("TM", "101112", -1)).toBe("101112");
    expect(shiftedDate(undefined, "101112.5", -1)).toBe("101112.5");
    expect(shiftedDate(undefined, "20200301", -1)).toBe("20200229");
    expect(shiftedDate("DA", "soon", -1)).toBe("");
  });

  test("a shape tells letters from digits and no more", () => {
    expect(maskedText("98C14734-ASSH")).toBe("99A99999-AAAA");
    expect(maskedText("é".repeat(40))).toMatch(/^\?{31}~$/);
  });
});
