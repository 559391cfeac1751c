/** Some of the properties of `T`: what is left out, or undefined, stays as it was. */
export type PartOf<T> = { readonly [K in keyof T]?: T[K] };

/**
 * `usual` with what `change` says otherwise. A property that is there but undefined changes nothing, as one
 * that is left out.
 */
export function changed<T extends object>(usual: T, change: PartOf<T>): T {
  const said = Object.entries(change).filter(([, value]) => value !== undefined);
  return { ...usual, ...Object.fromEntries(said) };
}
