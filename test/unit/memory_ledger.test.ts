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
