import { HounsfieldError } from "../../core/errors.js";
import type { AdapterDescription } from "../engine.js";

/** Which adapter to take. */
export interface AdapterChoice {
  /** The software adapter even where a real one exists. */
  readonly software?: boolean;
  readonly powerPreference?: GPUPowerPreference;
  /** What its device must have beside what is asked for anyway. */
  readonly requiredFeatures?: readonly string[];
  readonly requiredLimits?: Readonly<Record<string, number>>;
}

export interface OpenedDevice {
  readonly device: GPUDevice;
  readonly adapter: AdapterDescription;
}

/**
 * A device that has answered once. A driver may refuse the limits that it advertises itself, or give a device
 * that is lost already: then another adapter is asked for one with the limits that every device has.
 * @throws HounsfieldError `no-gpu`, with the last refusal as its cause, and nothing else
 */
export async function openDevice(gpu: GPU, choice: AdapterChoice): Promise<OpenedDevice> {
  let cause: unknown;
  for (const descriptorOf of [wanted, least]) {
    try {
      // Each adapter gives one device at most.
      const adapter = await requestAdapter(gpu, choice);
      if (!adapter) break;
      const device = await adapter.requestDevice(descriptorOf(choice, adapter));
      await answer(device);
      return { device, adapter: describeAdapter(adapter) };
    } catch (refusal) {
      cause = refusal;
    }
  }
  const message =
    cause === undefined
      ? "no WebGPU adapter is available"
      : `the WebGPU adapter gives no device that works: ${cause instanceof Error ? cause.message : cause}`;
  throw new HounsfieldError("no-gpu", message, {}, cause);
}

function requestAdapter(gpu: GPU, { software = false, powerPreference }: AdapterChoice) {
  return gpu.requestAdapter({
    powerPreference: powerPreference ?? "high-performance",
    forceFallbackAdapter: software,
  });
}

/** What large volumes need, and what those need who share the device: models, other renderers. */
const WANTED_LIMITS = /^max(Buffer|Storage|Compute|.*3D)/;
const wantedFeatures = ["float32-filterable", "shader-f16", "subgroups", "timestamp-query"];

/** All that the adapter has of these. */
function wanted(choice: AdapterChoice, { limits, features }: GPUAdapter): GPUDeviceDescriptor {
  const requiredLimits: Record<string, number> = {};
  for (const name in limits)
    if (WANTED_LIMITS.test(name)) requiredLimits[name] = limits[name as keyof GPUSupportedLimits] as number;
  const offered = wantedFeatures.filter((feature) => features.has(feature));
  return least({
    requiredLimits: { ...requiredLimits, ...choice.requiredLimits },
    requiredFeatures: [...offered, ...(choice.requiredFeatures ?? [])],
  });
}

/** What every device has, and what must be. */
function least({ requiredLimits, requiredFeatures }: AdapterChoice): GPUDeviceDescriptor {
  return { label: "hounsfield", requiredLimits, requiredFeatures: requiredFeatures as GPUFeatureName[] };
}

/**
 * Asks the device for an answer, which one lost at its birth cannot give.
 * @throws HounsfieldError what is wrong with it
 */
async function answer(device: GPUDevice): Promise<void> {
  let lost: GPUDeviceLostInfo | undefined;
  const loss = device.lost.then((info) => void (lost = info));
  device.pushErrorScope("internal");
  const error = await Promise.race([device.popErrorScope(), loss]);
  if (!lost && !error) return;
  device.destroy();
  throw new Error(lost ? `it was lost at once (${lost.message || lost.reason})` : error?.message);
}

/** What is known of an adapter; browsers tell little. */
export function describeAdapter({ info }: Pick<GPUAdapter, "info">): AdapterDescription {
  const name = [info.description, info.device].filter(Boolean)[0] ?? "";
  const software =
    info.isFallbackAdapter || /swiftshader|llvmpipe|basic render/i.test(`${info.architecture} ${name}`);
  return { vendor: info.vendor, architecture: info.architecture, name, software };
}
