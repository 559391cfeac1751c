import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { publicPatients } from "../../scripts/public-patients.js";
import { createDecodePool } from "../../src/decode/pool/pool.js";
import { createCpuEngine } from "../../src/engine/cpu/cpu_engine.js";
import { folderSources } from "../../src/node/sources.js";
import { withDecoder } from "../../src/volume/ct_engine.js";
import { loadVolume } from "../../src/volume/load_volume.js";

import { channelWorker } from "../support/channel_worker.js";
import { readSeries } from "../support/read_series.js";

// What anybody can repeat with the published files alone (DATA.md): the references of other tests are not
// needed for it.
const folder = join(import.meta.dirname, "../../../shared/data/covid-ct-md");

for (const { name, path, files, huSha256 } of publicPatients) {
  test.skipIf(!existsSync(join(folder, path)))(
    `every voxel of ${name} is as pydicom with GDCM reads it (needs ../shared/data)`,
    async () => {
      const [series] = await readSeries(await folderSources(join(folder, path)));
      expect(series.slices).toHaveLength(files);
      const decoder = createDecodePool({ spawn: () => channelWorker(), size: 1, shareMemory: false });
      const engine = withDecoder(await createCpuEngine(), decoder);
      const volume = await loadVolume(engine, series);
      const hu = await volume.read();
      const bytes = new Uint8Array(hu.buffer, hu.byteOffset, hu.byteLength);
      expect(createHash("sha256").update(bytes).digest("hex")).toBe(huSha256);
      volume.destroy();
      engine.destroy();
    },
  );
}
