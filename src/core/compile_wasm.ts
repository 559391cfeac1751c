import { HounsfieldError } from "./errors.js";

/**
 * Compiles a WASM binary of this library, in base64 as its modules carry it.
 * @throws HounsfieldError `no-wasm` where that is refused: by a page's Content Security Policy, or because
 * there is no WebAssembly; what is wrong with the binary itself (SIMD that is not known) is thrown as it
 * comes
 */
export function compileWasm(base64: string): Promise<WebAssembly.Module> {
  return compileBinary(Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)));
}

/** The same of the bytes. @throws HounsfieldError `no-wasm` */
export async function compileBinary(binary: Uint8Array<ArrayBuffer>): Promise<WebAssembly.Module> {
  if (typeof WebAssembly === "undefined") {
    const message = "there is no WebAssembly here (a browser's lockdown mode takes it away)";
    throw new HounsfieldError("no-wasm", message);
  }
  try {
    return await WebAssembly.compile(binary);
  } catch (cause) {
    // What can be read and yet not be compiled is forbidden: browsers say so in words only, each in its own.
    if (!WebAssembly.validate(binary)) throw cause;
    const message =
      "WebAssembly may not be compiled here: the Content Security Policy of the page, or of its worker's script, needs 'wasm-unsafe-eval' in script-src";
    throw new HounsfieldError("no-wasm", message, { accepted: "script-src 'wasm-unsafe-eval'" }, cause);
  }
}
