/** A value as it is read: whole HU; of other values four figures, and their units where these are known. */
export function valueText(value: number, units: string): string {
  if (units === "HU") return `${Math.round(value)} HU`;
  const number = String(Number(value.toPrecision(4)));
  return units === "unspecified" ? number : `${number} ${units}`;
}
