import { expect, test } from "vitest";
import { createNpyNames } from "../../src/node/cli/npy_names.js";

test.each([
  ["CT_0001.dcm", "CT_0001.npy"],
  ["a/b c/IM-1", "a_b_c_IM-1.npy"],
  ["1.2.840.113619", "1.2.840.113619.npy"],
  ["-179.000000.dcm", "179.000000.npy"],
  [".hidden", "hidden.npy"],
  ["../../etc/passwd", "etc_passwd.npy"],
  ["nul.dcm", "image_nul.npy"],
  ["Größe.dcm", "Gr_e.npy"],
  ["...", "image.npy"],
  ["日本", "image.npy"],
])("%s becomes %s", (name, wanted) => {
  expect(createNpyNames()(name)).toBe(wanted);
});

test("no two are the same, not even where case makes no difference", () => {
  const nameNpy = createNpyNames();
  const names = ["a.dcm", "A.dcm", "a", "a-2", "b/c", "b_c"].map(nameNpy);
  expect(names).toEqual(["a.npy", "A-2.npy", "a-3.npy", "a-2-2.npy", "b_c.npy", "b_c-2.npy"]);
  expect(nameNpy("x".repeat(5000)).length).toBeLessThan(200);
});
