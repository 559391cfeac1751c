/** The groups of COVID-CT-MD, and what is in none of them. */
export const GROUPS = ["COVID-19", "CAP", "Normal", "Other"] as const;
export type Group = (typeof GROUPS)[number];

const BEGINNINGS: readonly (readonly [RegExp, Group])[] = [
  [/^covid/i, "COVID-19"],
  [/^cap/i, "CAP"],
  [/^normal/i, "Normal"],
  // The data set calls its patients with COVID-19 P001 and so on.
  [/^p\d+(\.\w+)?$/i, "COVID-19"],
];

/**
 * The group that a study's path tells of, by the innermost folder that tells of one: "Cap subjects/cap001",
 * "CAP/cap001" and "cap001.zip" are CAP.
 */
export function groupOf(key: string): Group {
  for (const folder of key.split("/").reverse()) {
    const found = BEGINNINGS.find(([beginning]) => beginning.test(folder));
    if (found) return found[1];
  }
  return "Other";
}
