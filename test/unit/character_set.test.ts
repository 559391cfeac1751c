import { describe, expect, test } from "vitest";
import { readPatient } from "../../src/dicom/image/patient.js";
import { decodeText as decode } from "../../src/dicom/syntax/character_set.js";
import { decodeExtended } from "../../src/dicom/syntax/code_extensions.js";
import { ctSource } from "../support/dicom_file.js";

const decodeText = (bytes: Uint8Array, terms: readonly string[]) => decode(bytes, terms, decodeExtended);

/** Letters as they are, "{hex}" as bytes. */
function bytesOf(text: string): Uint8Array {
  const parts = text.split(/\{([^}]*)\}/);
  return Uint8Array.from(
    parts.flatMap((part, i) =>
      i % 2 === 0
        ? Array.from(part, (letter) => letter.charCodeAt(0))
        : part.split(" ").map((hex) => Number.parseInt(hex, 16)),
    ),
  );
}

const ESC = "{1b}";

describe("code extensions: the examples of PS3.5 annexes H, I and K", () => {
  test.each<[string, string, string]>([
    [
      "Japanese, ideographs and hiragana (H.3.1)",
      "\\ISO 2022 IR 87",
      `Yamada^Tarou=${ESC}$B{3b 33 45 44}${ESC}(B^${ESC}$B{42 40 4f 3a}${ESC}(B=${ESC}$B{24 64 24 5e 24 40}${ESC}(B^${ESC}$B{24 3f 24 6d 24 26}${ESC}(B`,
    ],
    [
      "Japanese, half-width katakana first (H.3.2)",
      "ISO 2022 IR 13\\ISO 2022 IR 87",
      `{d4 cf c0 de}^{c0 db b3}=${ESC}$B{3b 33 45 44}${ESC}(J^${ESC}$B{42 40 4f 3a}${ESC}(J=${ESC}$B{24 64 24 5e 24 40}${ESC}(J^${ESC}$B{24 3f 24 6d 24 26}${ESC}(J`,
    ],
    [
      "Korean (I.2)",
      "\\ISO 2022 IR 149",
      `Hong^Gildong=${ESC}$)C{fb f3}^${ESC}$)C{d1 ce d4 d7}=${ESC}$)C{c8 ab}^${ESC}$)C{b1 e6 b5 bf}`,
    ],
    [
      "Chinese by GB 2312 (K.2)",
      "\\ISO 2022 IR 58",
      `Zhang^XiaoDong=${ESC}$)A{d5 c5}^${ESC}$)A{d0 a1 b6 ab}=`,
    ],
  ])("%s", (_, terms, text) => {
    const wanted = {
      "\\ISO 2022 IR 87": "Yamada^Tarou=山田^太郎=やまだ^たろう",
      "ISO 2022 IR 13\\ISO 2022 IR 87": "ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう",
      "\\ISO 2022 IR 149": "Hong^Gildong=洪^吉洞=홍^길동",
      "\\ISO 2022 IR 58": "Zhang^XiaoDong=张^小东=",
    }[terms];
    expect(decodeText(bytesOf(text), terms.split("\\"))).toBe(wanted);
  });

  test("supplementary Kanji, and kanji whose bytes look like delimiters", () => {
    // 丄 is 30 22 in JIS X 0212; 構 is 39 3d and 表 is 49 3d in JIS X 0208, 3d being "=".
    expect(decodeText(bytesOf(`${ESC}$(D{30 22}${ESC}(B^x`), ["", "ISO 2022 IR 159"])).toBe("丄^x");
    expect(decodeText(bytesOf(`${ESC}$B{39 3d 49 3d}${ESC}(B=x`), ["", "ISO 2022 IR 87"])).toBe("構表=x");
  });

  test("after a delimiter the first set is in use again", () => {
    const text = `${ESC}-L{b8}^{e9}`;
    expect(decodeText(bytesOf(text), ["ISO 2022 IR 100", "ISO 2022 IR 144"])).toBe("И^é");
  });

  test("a sequence that is not known changes nothing and is not shown", () => {
    expect(decodeText(bytesOf(`a${ESC}b`), ["", "ISO 2022 IR 87"])).toBe("ab");
  });
});

describe("single sets", () => {
  test.each<[string, string, string]>([
    ["ISO_IR 100", "Buc^J{e9}r{f4}me", "Buc^Jérôme"],
    ["ISO_IR 101", "Wa{b3}{ea}sa", "Wałęsa"],
    ["ISO_IR 144", "{bb}{ee}{da}ce{dc}{d1}yp{d3}", "Люкceмбypг"],
    ["ISO_IR 126", "{c4 e9 ef ed f5 f3 e9 ef f2}", "Διονυσιος"],
    ["ISO_IR 166", "{bb c3 d0}", "ประ"],
    ["ISO_IR 192", "Wang^XiaoDong={e7 8e 8b}^{e5 b0 8f e6 9d b1}", "Wang^XiaoDong=王^小東"],
    ["GB18030", "Wang^XiaoDong={cd f5}^{d0 a1 b6 ab}", "Wang^XiaoDong=王^小东"],
    ["GBK", "{95 5e}^x", "昢^x"],
    ["", "plain", "plain"],
    ["ISO_IR 6", "plain", "plain"],
    ["NONSENSE", "plain", "plain"],
  ])("%s", (term, text, wanted) => {
    expect(decodeText(bytesOf(text), [term])).toBe(wanted);
  });

  test("writers that leave the sequences out mean the set they name last", () => {
    expect(decodeText(bytesOf("{c8 ab}"), ["", "ISO 2022 IR 149"])).toBe("홍");
  });
});

test("who a patient is is read when it is asked for, in the file's character set", async () => {
  const source = ctSource("a", {
    "0008,0005": "\\ISO 2022 IR 149",
    "0010,0010": bytesOf(`Hong^Gildong=${ESC}$)C{fb f3}^${ESC}$)C{d1 ce d4 d7}`),
    "0010,0020": "ID 7",
    "0008,0020": "20200102",
  });
  expect(await readPatient(source)).toEqual({
    patientName: "Hong^Gildong=洪^吉洞",
    patientId: "ID 7",
    studyDate: "20200102",
  });
});
