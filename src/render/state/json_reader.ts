import { refused } from "./fail.js";

/**
 * Gives a JSON value its type.
 * @throws HounsfieldError `invalid-option` with the path of what is wrong: "mpr.pointMm: got ..."
 */
export type Reader<T> = (value: unknown, path: string) => T;

export const finite: Reader<number> = (value, path) => {
  if (typeof value === "number" && Number.isFinite(value)) return value;
  throw refused(path, value, "a finite number");
};

export const text: Reader<string> = (value, path) => {
  if (typeof value === "string") return value;
  throw refused(path, value, "a string");
};

export const flag: Reader<boolean> = (value, path) => {
  if (typeof value === "boolean") return value;
  throw refused(path, value, "true or false");
};

export const pair: Reader<readonly [number, number]> = (value, path) => {
  const [a, b] = row(value, path, 2);
  return [a, b];
};

export const triple: Reader<readonly [number, number, number]> = (value, path) => {
  const [a, b, c] = row(value, path, 3);
  return [a, b, c];
};

export const color: Reader<readonly [number, number, number]> = (value, path) => {
  const rgb = triple(value, path);
  if (rgb.every((part) => part >= 0 && part <= 1)) return rgb;
  throw refused(path, value, "red, green and blue of 0..1");
};

function row(value: unknown, path: string, count: number): number[] {
  if (Array.isArray(value) && value.length === count && value.every(Number.isFinite)) return value;
  throw refused(path, value, `${count} finite numbers`);
}

export function oneOf<T extends string>(names: readonly T[]): Reader<T> {
  return (value, path) => {
    const found = names.find((name) => name === value);
    if (found !== undefined) return found;
    throw refused(path, value, names.join(", "));
  };
}

export function list<T>(item: Reader<T>): Reader<readonly T[]> {
  return (value, path) => {
    if (Array.isArray(value)) return value.map((one, i) => item(one, `${path}[${i}]`));
    throw refused(path, value, "a list");
  };
}

/** A name, or the thing itself. */
export function named<N extends string, T>(names: Reader<N>, itself: Reader<T>): Reader<N | T> {
  return (value, path) => (typeof value === "string" ? names(value, path) : itself(value, path));
}

/**
 * An object with these keys at most; `required` ones must be there. One that is `undefined` is not:
 * JavaScript leaves such keys behind.
 */
export function object<T>(
  readers: { readonly [K in keyof T]-?: Reader<Exclude<T[K], undefined>> },
  required: readonly (keyof T & string)[] = [],
): Reader<T> {
  return (value, path) => {
    if (typeof value !== "object" || value === null || Array.isArray(value))
      throw refused(path || "state", value, "an object");
    const within = (key: string) => (path ? `${path}.${key}` : key);
    const given = new Map(Object.entries(value));
    const read: Partial<T> = {};
    for (const key of Object.keys(readers) as (keyof T & string)[]) {
      if (given.get(key) !== undefined) read[key] = readers[key](given.get(key), within(key));
      else if (required.includes(key)) throw refused(within(key), null, "a value: it is missing");
      given.delete(key);
    }
    for (const key of given.keys())
      throw refused(path ? `a key of ${path}` : "a key of the state", key, Object.keys(readers).join(", "));
    return read as T;
  };
}
