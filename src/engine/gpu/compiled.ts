import { HounsfieldError } from "../../core/errors.js";

/**
 * The pipeline, or `internal` with what the driver's compiler said, and on which shader; a DOMException says
 * neither.
 */
export async function compiled<Pipeline>(label: string, pipeline: Promise<Pipeline>): Promise<Pipeline> {
  try {
    return await pipeline;
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause);
    throw new HounsfieldError("internal", `the shader "${label}" did not compile: ${said}`, {}, cause);
  }
}
