import { expect, test } from "vitest";
import { MemoryLedger } from "../../src/engine/memory_ledger.js";

test("the ledger sums by label, keeps the peak, and a release counts once", () => {
  const ledger = new MemoryLedger();
  const first = ledger.take("volume", 100);
  const second = ledger.take("volume", 50);
  const mask = ledger.take("mask", 7);
  expect(ledger.snapshot()).toEqual({ volume: 150, mask: 7 });
  expect(ledger.bytes).toBe(157);
  first();
  first();
  mask();
  expect(ledger.snapshot()).toEqual({ volume: 50 });
  second();
  expect(ledger.bytes).toBe(0);
  expect(ledger.peakBytes).toBe(157);
  expect(ledger.snapshot()).toEqual({});
});

test("a peak begun anew is of what is held then and after", () => {
  const ledger = new MemoryLedger();
  const volume = ledger.take("volume", 100);
  ledger.take("scratch", 900)();
  ledger.restartPeak();
  expect(ledger.peakBytes).toBe(100);
  ledger.take("mask", 20)();
  expect(ledger.peakBytes).toBe(120);
  volume();
});
