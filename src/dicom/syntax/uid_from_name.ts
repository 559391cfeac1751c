/**
 * A UID under 2.25 (DICOM PS3.5 B.2) that depends on `name` alone: a version 8 UUID (RFC 9562) whose 122 free
 * bits are a hash of the name, written as one decimal number.
 */
export function uidFromName(name: string): string {
  const words = [0, 1, 2, 3].map((word) => fnv1a(`${word}/${name}`));
  words[1] = (words[1] & 0xffff0fff) | 0x8000;
  words[2] = (words[2] & 0x3fffffff) | 0x80000000;
  const number = words.reduce((sum, word) => (sum << 32n) | BigInt(word >>> 0), 0n);
  return `2.25.${number}`;
}

/**
 * FNV-1a over UTF-16 units, its bits mixed once more so that names that differ in the last letter differ all
 * over.
 */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
