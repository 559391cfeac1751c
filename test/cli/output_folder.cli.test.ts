import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { isHounsfieldError } from "../../src/core/errors.js";
import { partialPrefix } from "../../src/node/cli/left_behind.js";
import { OutputFolder } from "../../src/node/cli/output_folder.js";
import { readJson, sha256, temporaryFolder } from "../support/cli.js";
import { seededRandom } from "../support/random.js";
import { bundleModule } from "../support/worker_bundle.js";

/** A process id that no process has. */
const GONE = 2 ** 22 + 1;

async function publish(path: string, names: readonly string[], text = "values"): Promise<void> {
  const folder = new OutputFolder(path, { exclusive: true });
  for (const name of names) await folder.write(name, [Buffer.from(`${text} of ${name}`)]);
  const report = { hounsfield: "test", outputs: folder.files };
  await folder.write("report.json", [Buffer.from(JSON.stringify(report))]);
  folder.publish();
}

describe("a folder of one run", () => {
  test("what the earlier run alone wrote is gone, what others put there stays", async () => {
    const path = temporaryFolder();
    await publish(path, ["volume.npy", "lungs.npy"]);
    writeFileSync(join(path, "notes.npy"), "mine");
    await publish(path, ["volume.npy", "windowed.npy"]);
    expect(readdirSync(path).sort()).toEqual(["notes.npy", "report.json", "volume.npy", "windowed.npy"]);
  });

  test("a report that names files elsewhere, or is not ours, removes nothing", async () => {
    const outer = temporaryFolder();
    const path = join(outer, "out");
    mkdirSync(path);
    writeFileSync(join(outer, "precious"), "mine");
    writeFileSync(join(path, "kept.npy"), "mine");
    const outputs = ["../precious", "..", ".", "", 7, null].map((file) => ({ file }));
    writeFileSync(join(path, "report.json"), JSON.stringify({ hounsfield: "test", outputs }));
    await publish(path, ["volume.npy"]);
    writeFileSync(join(path, "report.json"), JSON.stringify({ outputs: [{ file: "kept.npy" }] }));
    await publish(path, ["volume.npy"]);
    expect(existsSync(join(outer, "precious"))).toBe(true);
    expect(existsSync(join(path, "kept.npy"))).toBe(true);
  });

  test("a second run at the same time is refused, and leaves the first alone", async () => {
    const path = temporaryFolder();
    const first = new OutputFolder(path, { exclusive: true });
    await first.write("volume.npy", [Buffer.from("first")]);
    const second = publish(path, ["volume.npy"], "second");
    await expect(second).rejects.toSatisfy((error) => isHounsfieldError(error, "io"));
    await expect(second).rejects.toThrow(`process ${process.pid}`);
    first.publish();
    expect(readFileSync(join(path, "volume.npy"), "utf8")).toBe("first");
    expect(readdirSync(path)).toEqual(["volume.npy"]);
  });

  test("of a lock whose process is gone, the names it was to publish go too", async () => {
    const path = temporaryFolder();
    writeFileSync(join(path, "lungs.npy"), "half of a run that was killed");
    const holder = { host: (await import("node:os")).hostname(), pid: GONE, files: ["lungs.npy"] };
    writeFileSync(join(path, ".hounsfield-lock"), JSON.stringify(holder));
    await publish(path, ["volume.npy"]);
    expect(readdirSync(path).sort()).toEqual(["report.json", "volume.npy"]);
  });

  test("a lock of another host is not taken over", async () => {
    const path = temporaryFolder();
    writeFileSync(
      join(path, ".hounsfield-lock"),
      JSON.stringify({ host: "elsewhere", pid: GONE, files: [] }),
    );
    await expect(publish(path, ["volume.npy"])).rejects.toThrow("on elsewhere");
  });

  test("hidden folders of the dead are swept, of the living and of strangers not", async () => {
    const path = temporaryFolder();
    const kept = [`${partialPrefix()}abcdef`, `.partial-elsewhere-${GONE}-abcdef`, ".partial-mine"];
    for (const name of [...kept, `${partialPrefix(GONE)}abcdef`]) mkdirSync(join(path, name));
    await publish(path, ["volume.npy"]);
    expect(readdirSync(path).sort()).toEqual([...kept, "report.json", "volume.npy"].sort());
  });
});

/** Publishes one set of files, then another, over and over. */
const writer = (module: URL) => `
  import { OutputFolder } from ${JSON.stringify(module.href)};
  const sets = [["volume.npy", "lungs.npy", "mip.npy"], ["volume.npy", "windowed.npy"]];
  for (let run = 0; ; run++) {
    const folder = new OutputFolder(process.argv[2], { exclusive: true });
    for (const name of sets[run % 2])
      await folder.write(name, [Buffer.alloc(50_000, String(run)), Buffer.alloc(50_000, name)]);
    const report = { hounsfield: "test", outputs: folder.files };
    await folder.write("report.json", [Buffer.from(JSON.stringify(report))]);
    folder.publish();
    if (run === 0) console.log("running");
  }`;

test("killed at 50 random moments, there is never a report beside files of another run", async () => {
  const place = temporaryFolder();
  const script = join(place, "writer.mjs");
  writeFileSync(script, writer(await bundleModule("src/node/cli/output_folder.ts")));
  const path = join(place, "out");
  const next = seededRandom(7);
  let reports = 0;
  for (let kill = 0; kill < 50; kill++) {
    const child = spawn(process.execPath, [script, path], { stdio: ["ignore", "pipe", "inherit"] });
    await running(child);
    await new Promise((resolve) => setTimeout(resolve, next() * 30));
    await killed(child);
    if (!existsSync(join(path, "report.json"))) continue;
    reports++;
    const { outputs } = readJson(join(path, "report.json"));
    for (const { file, sha256: wanted } of outputs)
      expect(sha256(readFileSync(join(path, file)))).toBe(wanted);
    const listed = outputs.map(({ file }: { file: string }) => file);
    const found = readdirSync(path).filter((name) => !name.startsWith("."));
    expect(found.sort()).toEqual([...listed, "report.json"].sort());
  }
  expect(reports).toBeGreaterThan(5);
  await publish(path, ["volume.npy"]);
  expect(readdirSync(path).sort()).toEqual(["report.json", "volume.npy"]);
});

function running(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    child.stdout?.once("data", () => resolve());
    child.once("exit", (code) => reject(new Error(`the writer ended with ${code}`)));
  });
}

function killed(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.removeAllListeners("exit");
    child.once("exit", () => resolve());
    child.kill("SIGKILL");
  });
}
