import { checkArgument, invalidOption, type Rule } from "../core/options.js";
import { listOf, text } from "../core/rules.js";
import type { OpenEngineOptions } from "./open_engine_options.js";

const featuresRule = listOf(text, "names of WebGPU features");

const limitsRule: Rule = (value) => {
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  const isLimit = (limit: unknown) => Number.isSafeInteger(limit) && (limit as number) >= 0;
  return isObject && Object.values(value).every(isLimit) ? undefined : "an object of whole numbers";
};

/** By what is used of it. */
const deviceRule: Rule = (value) => {
  const { queue, createBuffer, pushErrorScope } = (value ?? {}) as Partial<GPUDevice>;
  const isDevice =
    typeof queue === "object" && [createBuffer, pushErrorScope].every((one) => typeof one === "function");
  return isDevice ? undefined : '"auto", "gpu", "cpu" or a GPUDevice';
};

/** Options of openEngine for who shares a device. Throws `invalid-option`. */
export function checkSharing(options: OpenEngineOptions): void {
  const { device, requiredFeatures, requiredLimits } = options;
  if (requiredFeatures !== undefined)
    checkArgument("openEngine", "requiredFeatures", requiredFeatures, featuresRule);
  if (requiredLimits !== undefined) checkArgument("openEngine", "requiredLimits", requiredLimits, limitsRule);
  if (typeof device !== "object") return;
  checkArgument("openEngine", "device", device, deviceRule);
  for (const name of ["software", "powerPreference", "requiredFeatures", "requiredLimits"] as const) {
    if (options[name] !== undefined)
      throw invalidOption("openEngine", name, options[name], "nothing beside a device of your own");
  }
}
