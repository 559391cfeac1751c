import { expect, test } from "vitest";
import { compiled } from "../../src/engine/gpu/compiled.js";

test("a shader that a driver refuses is named, with what its compiler said", async () => {
  const refusal = new Error("unresolved value 'foo'");
  await expect(compiled("dilate", Promise.reject(refusal))).rejects.toMatchObject({
    code: "internal",
    message: `the shader "dilate" did not compile: unresolved value 'foo'`,
    cause: refusal,
  });
  expect(await compiled("dilate", Promise.resolve(3))).toBe(3);
});
