import { afterEach, expect, test, vi } from "vitest";
import { HounsfieldError } from "../../src/core/errors.js";
import { withChosenEngine } from "../../src/node/cli/chosen_engine.js";
import * as opening from "../../src/node/open_engine.js";
import type { CtEngine, WhyCpu } from "../../src/volume/ct_engine.js";
import type { OpenEngineOptions } from "../../src/volume/open_engine_options.js";

vi.mock("../../src/node/open_engine.js", () => ({ openEngine: vi.fn() }));
afterEach(() => vi.restoreAllMocks());

const series = {} as Parameters<typeof withChosenEngine>[1];

/** A machine with a GPU: what was opened and closed on it, what was done, and what was said. */
function machine() {
  const events: string[] = [];
  vi.mocked(opening.openEngine).mockImplementation((async ({ device = "auto" }: OpenEngineOptions = {}) => {
    const processor = device === "cpu" ? "cpu" : "gpu";
    events.push(`open ${processor}`);
    const engine: Partial<CtEngine> = {
      adapter: { name: processor, vendor: "", architecture: "", software: false },
      capabilities: { processor, threads: 1, rendering: false },
      destroy: () => void events.push(`close ${processor}`),
    };
    return engine;
  }) as never);
  const said = vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    events.push(String(text).trim());
    return true;
  });
  return { events, said };
}

const failing =
  (code: "out-of-memory" | "io") =>
  async ({ capabilities }: CtEngine, why?: WhyCpu) => {
    if (capabilities.processor === "cpu") return why;
    throw code === "io"
      ? new HounsfieldError(code, "the disk is full")
      : new HounsfieldError(code, "no 8 bytes");
  };

test("where the GPU's memory runs out, auto has the CPU engine do it, and says why", async () => {
  const { events } = machine();
  const why = await withChosenEngine({ device: "auto" }, series, failing("out-of-memory"));
  expect(why).toEqual({ code: "out-of-memory", reason: "no 8 bytes" });
  expect(events).toEqual([
    "open gpu",
    "close gpu",
    "open cpu",
    "the GPU does not take it: no 8 bytes: using the cpu",
    "close cpu",
  ]);
});

test.each<[string, OpenEngineOptions, "out-of-memory" | "io"]>([
  ["the GPU was asked for", { device: "gpu" }, "out-of-memory"],
  ["a software GPU was asked for", { device: "auto", software: "only" }, "out-of-memory"],
  ["it is something else", { device: "auto" }, "io"],
])("where %s, it is an error", async (_, options, code) => {
  const { events } = machine();
  await expect(withChosenEngine(options, series, failing(code))).rejects.toMatchObject({ code });
  expect(events).toEqual(["open gpu", "close gpu"]);
});
