import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { startDecodeWorker } from "../../src/browser/decode_worker.js";
import { workerStarter } from "../../src/browser/start_worker.js";

const PAGE = "https://viewer.example";
const script = new URL(`${PAGE}/assets/worker-1234.js`);
const elsewhere = new URL("https://cdn.example/hounsfield.js");
const start = { decode: { rle: "", jpegDct: "", jpegLs: "", jpeg2000: "", htj2k: "" } };
const addresses = Symbol.for("hounsfield.worker-addresses");

/** What a Worker was made of, in order. */
let made: { address: unknown; options: WorkerOptions; worker: FakeWorker }[] = [];
let blobs: Blob[] = [];

class FakeWorker extends EventTarget {
  readonly sent: unknown[] = [];
  constructor(address: unknown, options: WorkerOptions = {}) {
    super();
    made.push({ address, options, worker: this });
  }
  postMessage(message: unknown) {
    this.sent.push(message);
  }
  terminate() {}
}

beforeEach(() => {
  made = [];
  blobs = [];
  vi.stubGlobal("Worker", FakeWorker);
  vi.stubGlobal("document", { baseURI: `${PAGE}/app/` });
  vi.stubGlobal("origin", PAGE);
  vi.spyOn(URL, "createObjectURL").mockImplementation((blob) => `blob:${PAGE}/${blobs.push(blob as Blob)}`);
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  Reflect.deleteProperty(globalThis, addresses);
});

test("the script beside the library, as a module, told first what it is for", () => {
  const { url } = workerStarter({}, script)(start);
  expect(url).toBe(script.href);
  expect(made).toMatchObject([{ address: script.href, options: { type: "module" } }]);
  expect(made[0].worker.sent).toEqual([start]);
});

test("workerUrl takes its place, read from the page", () => {
  expect(workerStarter({ workerUrl: "../hounsfield.js" }, script)(start).url).toBe(`${PAGE}/hounsfield.js`);
  expect(made[0].address).toBe(`${PAGE}/hounsfield.js`);
});

test("createWorker makes them instead", () => {
  const createWorker = vi.fn(() => new Worker("mine"));
  const starter = workerStarter({ createWorker }, script);
  starter(start);
  starter(start);
  expect(createWorker).toHaveBeenCalledTimes(2);
  expect(made.map(({ address }) => address)).toEqual(["mine", "mine"]);
});

test("a script of another origin is imported by a Blob of the page's own, one for all", async () => {
  const starter = workerStarter({}, elsewhere);
  expect(starter(start).url).toBe(elsewhere.href);
  starter(start);
  expect(made.map(({ address }) => address)).toEqual([`blob:${PAGE}/1`, `blob:${PAGE}/1`]);
  expect(await blobs[0].text()).toBe(`import "${elsewhere.href}";`);
  expect(made[0].options).toMatchObject({ type: "module", name: "hounsfield" });
});

describe("Trusted Types", () => {
  /** A page that allows each policy once. */
  function trust(allowed = true) {
    const createPolicy = vi.fn((name: string, rules: { createScriptURL(url: string): string }) => {
      if (!allowed || createPolicy.mock.calls.length > 1) throw new TypeError(`policy ${name} is disallowed`);
      return { createScriptURL: (url: string) => ({ trusted: rules.createScriptURL(url) }) };
    });
    vi.stubGlobal("trustedTypes", { createPolicy });
    return createPolicy;
  }

  test("our own script is blessed by the policy hounsfield, which is made once and blesses nothing else", () => {
    const createPolicy = trust();
    workerStarter({}, script)(start);
    workerStarter({}, script)(start);
    expect(made.map(({ address }) => address)).toEqual([{ trusted: script.href }, { trusted: script.href }]);
    expect(createPolicy.mock.calls.map(([name]) => name)).toEqual(["hounsfield"]);
    expect(createPolicy.mock.calls[0][1].createScriptURL("https://evil.example/x.js")).toBe("");
  });

  test("where the policy is not allowed, the browser has the word", () => {
    trust(false);
    workerStarter({}, script)(start);
    expect(made[0].address).toBe(script.href);
  });

  test("a caller's address is the caller's to bless", () => {
    trust();
    workerStarter({ workerUrl: "/mine.js" }, script)(start);
    const blessed = { toJSON: () => `${PAGE}/theirs.js`, toString: () => `${PAGE}/theirs.js` };
    expect(workerStarter({ workerUrl: blessed }, script)(start).url).toBe(`${PAGE}/theirs.js`);
    expect(made.map(({ address }) => address)).toEqual([`${PAGE}/mine.js`, blessed]);
  });
});

describe("failures", () => {
  test("a Worker that the browser refuses to make", () => {
    vi.stubGlobal("Worker", function refuse() {
      throw new DOMException("violates the Content Security Policy", "SecurityError");
    });
    expect(() => workerStarter({}, script)(start)).toThrow(
      expect.objectContaining({
        code: "worker-failed",
        fields: { url: script.href },
        message: expect.stringMatching(/violates the Content Security Policy.*worker-src.*workers: 0/),
      }),
    );
  });

  function listening() {
    const worker = startDecodeWorker(workerStarter({}, script), start.decode);
    const onFailure = vi.fn();
    worker.listen(() => {}, onFailure);
    return { fake: made[0].worker, onFailure };
  }

  test("one that dies before its first word did not start", () => {
    const { fake, onFailure } = listening();
    const event = new Event("error", { cancelable: true });
    fake.dispatchEvent(event);
    expect(onFailure.mock.calls).toMatchObject([[{ code: "worker-failed", fields: { url: script.href } }]]);
    expect(event.defaultPrevented).toBe(true);
  });

  test("one that dies later died over its work", () => {
    const { fake, onFailure } = listening();
    fake.dispatchEvent(Object.assign(new Event("message"), { data: [] }));
    fake.dispatchEvent(Object.assign(new Event("error"), { message: "out of memory" }));
    expect(onFailure).toHaveBeenCalledWith(new Error("out of memory"));
  });
});
