import { HounsfieldError } from "../../core/errors.js";
import type { AdapterDescription } from "../engine.js";

/** Which adapter to take. */
export interface AdapterChoice {
  /** The software adapter even where a real one exists. */
  readonly software?: boolean;
  readonly powerPreference?: GPUPowerPreference;
}

export interface OpenedDevice {
  readonly device: GPUDevice;
  readonly adapter: AdapterDescription;
}

/**
 * A device that has answered once. A driver may refuse the limits that it advertises itself, or give a device
 * that is lost already: then another adapter is asked for one with the limits that every device has. Throws
 * `no-gpu`, with the last refusal as its cause, and nothing else.
 */
export async function openDevice(gpu: GPU, choice: AdapterChoice): Promise<OpenedDevice> {
  let cause: unknown;
  for (const descriptorOf of [wanted, least]) {
    try {
      // Each adapter gives one device at most.
      const adapter = await requestAdapter(gpu, choice);
      if (!adapter) break;
      const device = await adapter.requestDevice(descriptorOf(adapter));
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

/** All that the adapter has of what large volumes need. */
function wanted({ limits, features }: GPUAdapter): GPUDeviceDescriptor {
  const { maxBufferSize, maxStorageBufferBindingSize, maxTextureDimension3D } = limits;
  const optional: GPUFeatureName[] = ["float32-filterable"];
  return {
    label: "hounsfield",
    requiredLimits: { maxBufferSize, maxStorageBufferBindingSize, maxTextureDimension3D },
    requiredFeatures: optional.filter((feature) => features.has(feature)),
  };
}

function least(): GPUDeviceDescriptor {
  return { label: "hounsfield" };
}

/** Asks the device for an answer, which one lost at its birth cannot give. Throws what is wrong with it. */
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
export function describeAdapter({ info }: GPUAdapter): AdapterDescription {
  const name = [info.description, info.device].filter(Boolean)[0] ?? "";
  const software =
    info.isFallbackAdapter || /swiftshader|llvmpipe|basic render/i.test(`${info.architecture} ${name}`);
  return { vendor: info.vendor, architecture: info.architecture, name, software };
}
