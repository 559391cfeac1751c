/**
 * `trustedTypes` where a browser has them. What a policy makes of an address is an object of its own, typed
 * here as what a Worker takes.
 */
interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL(url: string): string },
  ): { createScriptURL(url: string): URL };
}

/**
 * The address of a worker's script as a page takes it: by way of a Blob that imports it, where it lies on
 * another origin; blessed by the policy `hounsfield`, where the page has Trusted Types and the script is our
 * own. Where that policy is not allowed it stays a string, and the browser says what it thinks of it.
 *
 * One object an address for the whole page, kept on the global object: a page that names its policies lets
 * each be made but once, and copies of this library cannot know of each other. It opens nothing: whoever
 * finds it can start this library's worker.
 */
export function trustedUrl(url: string, isElsewhere: boolean, isOurs: boolean): string | URL {
  const key = Symbol.for("hounsfield.worker-addresses");
  const shared = globalThis as typeof globalThis & {
    [key]?: Map<string, string | URL>;
    trustedTypes?: TrustedTypes;
  };
  const known = shared[key]?.get(url);
  if (known !== undefined) return known;
  const plain = isElsewhere ? blobImporting(url) : url;
  const address = isOurs ? blessed(plain, shared.trustedTypes) : plain;
  shared[key] = (shared[key] ?? new Map()).set(url, address);
  return address;
}

function blessed(url: string, types: TrustedTypes | undefined): string | URL {
  try {
    const rules = { createScriptURL: (address: string) => (address === url ? url : "") };
    return types?.createPolicy("hounsfield", rules).createScriptURL(url) ?? url;
  } catch {
    // The page's `trusted-types` does not name the policy, or it was made before.
    return url;
  }
}

function blobImporting(url: string): string {
  return URL.createObjectURL(new Blob([`import ${JSON.stringify(url)};`], { type: "text/javascript" }));
}
