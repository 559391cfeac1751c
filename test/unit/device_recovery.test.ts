import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { EngineBuffer } from "../../src/engine/engine.js";
import { BufferTable } from "../../src/engine/gpu/buffer_table.js";
import { DeviceRecovery, type RecoveryPhase } from "../../src/engine/gpu/device_recovery.js";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** How many tries to open a device fail, how many there were, and which buffer has no memory on the next. */
interface Script {
  refusals: number;
  tries: number;
  full?: { readonly buffer: EngineBuffer; readonly error: Error };
}

/** An engine's end of a device that is lost when the test says so. */
function scriptedDevice(buffers: BufferTable, script: Script) {
  let lose = (_: GPUDeviceLostInfo) => {};
  const lost = new Promise<GPUDeviceLostInfo>((resolve) => (lose = resolve));
  return {
    device: {} as GPUDevice,
    lost,
    closed: 0,
    async renew(buffer: EngineBuffer) {
      if (buffer === script.full?.buffer) throw script.full.error;
      buffers.set(buffer, { parts: [{} as GPUBuffer], partBytes: 4, free: () => {} });
    },
    close() {
      this.closed++;
    },
    lose: () => lose({ reason: "unknown", message: "reset" } as GPUDeviceLostInfo),
  };
}

/** Recovery of an engine, each of whose devices opens as the script says. */
function scripted(tries?: readonly number[]) {
  const buffers = new BufferTable();
  const script: Script = { refusals: 0, tries: 0 };
  const devices = [scriptedDevice(buffers, script)];
  const open = async () => {
    script.tries++;
    if (script.refusals-- > 0) throw new Error("no adapter");
    const device = scriptedDevice(buffers, script);
    devices.push(device);
    return device;
  };
  const recovery = new DeviceRecovery(devices[0], open, buffers, tries);
  const events: string[] = [];
  recovery.onDevice(({ kind }) => events.push(`${kind} ${recovery.phase}`));
  const allocate = (label: string) => {
    const buffer: EngineBuffer = {
      label,
      bytes: 4,
      isDestroyed: false,
      destroy: () => buffers.destroy(buffer),
    };
    buffers.set(buffer, { parts: [{} as GPUBuffer], partBytes: 4, free: () => {} });
    return buffer;
  };
  /** Loses the device that is there. */
  const lose = async (waitMs = 0) => {
    devices[devices.length - 1].lose();
    await vi.advanceTimersByTimeAsync(0);
    // What reopens is loaded at a loss.
    await vi.dynamicImportSettled();
    await vi.advanceTimersByTimeAsync(waitMs);
  };
  return { recovery, buffers, devices, script, events, allocate, lose };
}

describe("an engine whose device is lost", () => {
  test("runs on another, once what can be made again is there", async () => {
    const { recovery, buffers, devices, events, allocate, lose } = scripted();
    const phases: RecoveryPhase[] = [];
    const [kept, mask] = [allocate("kept"), allocate("mask")];
    const restore = async () => void phases.push(recovery.phase);
    recovery.restoreWith(kept, { restore, failed: () => {} });
    await lose();
    expect(events).toEqual(["lost reopening", "reopened restoring"]);
    expect([phases, recovery.phase]).toEqual([["restoring"], "running"]);
    expect(recovery.current).toBe(devices[1]);
    expect([devices[0].closed, devices[1].closed]).toEqual([1, 0]);
    expect([buffers.has(kept), buffers.isLost(mask)]).toEqual([true, true]);
  });

  test("waits for a driver that restarts: at once, then for 0.25, 1 and 3 seconds", async () => {
    const { recovery, script, events, lose } = scripted();
    script.refusals = 3;
    await lose(4249);
    expect([script.tries, recovery.phase]).toEqual([3, "reopening"]);
    await vi.advanceTimersByTimeAsync(1);
    expect([script.tries, recovery.phase]).toEqual([4, "running"]);
    expect(events).toEqual(["lost reopening", "reopened restoring"]);
  });

  test("ends where the fourth try fails too, and says why to whoever would make values again", async () => {
    const { recovery, script, events, allocate, lose } = scripted();
    const failed = vi.fn();
    recovery.restoreWith(allocate("kept"), { restore: async () => {}, failed });
    script.refusals = 4;
    await lose(4250);
    expect([script.tries, recovery.phase]).toEqual([4, "ended"]);
    expect(events).toEqual(["lost reopening", "gone ended"]);
    expect(failed).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ code: "device-lost" }));
    expect(await recovery.lost).toMatchObject({ message: "reset" });
  });

  test("ends at its first loss where no other device can be had", async () => {
    const { recovery, script, events, lose } = scripted([]);
    await lose();
    expect([script.tries, recovery.phase]).toEqual([0, "ended"]);
    expect(events).toEqual(["lost reopening", "gone ended"]);
  });

  test("ends at the fourth loss within a minute, and not where the first is a minute old", async () => {
    const often = scripted();
    for (let i = 0; i < 3; i++) await often.lose(19_999);
    expect(often.recovery.phase).toBe("running");
    await often.lose();
    expect(often.recovery.phase).toBe("ended");

    const seldom = scripted();
    for (let i = 0; i < 10; i++) await seldom.lose(20_000);
    expect(seldom.recovery.phase).toBe("running");
  });

  test("asks the next device where one is lost while values are made again", async () => {
    const { recovery, devices, events, allocate, lose } = scripted();
    const kept = allocate("kept");
    const failed = vi.fn();
    let restores = 0;
    const restore = async () => {
      if (++restores > 1) return;
      devices[1].lose();
      await vi.advanceTimersByTimeAsync(0);
      throw new Error("lost meanwhile");
    };
    recovery.restoreWith(kept, { restore, failed });
    await lose(10);
    expect([restores, failed.mock.calls, recovery.phase]).toEqual([2, [], "running"]);
    expect(events.map((event) => event.split(" ")[0])).toEqual(["lost", "reopened", "lost", "reopened"]);
    expect(recovery.current).toBe(devices[2]);
  });

  test("loses what has no memory on the next device, or cannot be made, and keeps the rest", async () => {
    const { recovery, buffers, allocate, lose, script } = scripted();
    const [first, second, third] = ["first", "second", "third"].map(allocate);
    const [full, moved] = [new Error("no memory"), new Error("the file moved")];
    script.full = { buffer: first, error: full };
    const failures: unknown[] = [];
    const failed = (error: unknown) => failures.push(error);
    const restore = vi.fn(async () => {});
    recovery.restoreWith(first, { restore, failed });
    recovery.restoreWith(second, { restore: () => Promise.reject(moved), failed });
    recovery.restoreWith(third, { restore, failed });
    await lose();
    expect([failures, recovery.phase]).toEqual([[full, moved], "running"]);
    expect([first, second, third].map((buffer) => buffers.has(buffer))).toEqual([false, false, true]);
    expect(restore).toHaveBeenCalledTimes(1);
  });

  test("destroyed while another is opened, closes that one and is at its end", async () => {
    const { recovery, devices, script, events, lose } = scripted();
    script.refusals = 1;
    await lose(0);
    recovery.destroy();
    await vi.advanceTimersByTimeAsync(10_000);
    expect([devices.length, script.tries, recovery.phase]).toEqual([1, 1, "ended"]);
    // Who listens hears of it before.
    expect(events).toEqual(["lost reopening", "closed reopening"]);
    expect(await recovery.lost).toMatchObject({ message: "reset" });
  });
});
