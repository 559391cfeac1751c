/**
 * Names that no file system takes for anything but a file: see Microsoft's "Naming Files, Paths, and
 * Namespaces".
 */
const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;
/** With the suffixes below, far under the 255 bytes that file systems allow. */
const LONGEST = 120;

/**
 * Gives each name a .npy name that is safe in one flat folder of any system: letters, digits, dot, dash and
 * underscore only, no leading dot or dash, no two that differ only by case. The same names in the same order
 * give the same.
 */
export function createNpyNames(): (name: string) => string {
  const taken = new Set<string>();
  return (name) => {
    const base = safeBase(name);
    for (let number = 1; ; number++) {
      const candidate = number === 1 ? `${base}.npy` : `${base}-${number}.npy`;
      if (taken.has(candidate.toLowerCase())) continue;
      taken.add(candidate.toLowerCase());
      return candidate;
    }
  };
}

function safeBase(name: string): string {
  const plain = name
    .replace(/\.(dcm|dicom|ima|j2c|j2k)$/i, "")
    .replace(/[^A-Za-z0-9._-]+/g, "_")
    .replace(/^[._-]+/, "")
    .slice(-LONGEST)
    .replace(/^[._-]+|[.]+$/g, "");
  if (plain === "") return "image";
  return RESERVED.test(plain) ? `image_${plain}` : plain;
}
