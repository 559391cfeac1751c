import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { findSwiftShader } from "../../src/node/swiftshader.js";

test.skipIf(process.platform !== "linux" || process.arch !== "x64")(
  "where no folder takes it, the error says which were tried and what to set",
  () => {
    // A file where a folder must be made: also for root, whom permissions do not stop.
    const folder = mkdtempSync(join(tmpdir(), "hounsfield-cache-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, "file");
    writeFileSync(file, "");
    chmodSync(file, 0o444);
    for (const name of ["XDG_CACHE_HOME", "HOME", "TMPDIR"]) vi.stubEnv(name, file);
    onTestFinished(() => void vi.unstubAllEnvs());
    expect(() => findSwiftShader()).toThrow(
      expect.objectContaining({
        code: "no-gpu",
        message: expect.stringMatching(/cannot be unpacked.*XDG_CACHE_HOME/),
        fields: { accepted: expect.arrayContaining([expect.stringContaining(file)]) },
        cause: expect.objectContaining({ code: "ENOTDIR" }),
      }),
    );
  },
);
