import { bytesOfBase85 } from "./base_85.js";
import { compileBinary } from "./compile_wasm.js";

/**
 * As `compileWasm`, of a binary that zlib has deflated, in base 85: a third of its size, which text would
 * otherwise keep from being compressed on the way.
 * @throws HounsfieldError `no-wasm`
 */
export async function compileDeflatedWasm(base85: string): Promise<WebAssembly.Module> {
  const bytes = new Blob([bytesOfBase85(base85)]).stream().pipeThrough(new DecompressionStream("deflate"));
  return compileBinary(new Uint8Array(await new Response(bytes).arrayBuffer()));
}
