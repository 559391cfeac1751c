import { type Misuse, wrongValues } from "./misuse.js";
import { type CallWorld, isFromLibrary, publicCalls } from "./public_calls.js";
import { randomInteger } from "./random.js";

/**
 * A call with one to three things wrong at once, at any depth of what is given: an argument, an option, an
 * element of a list. The same for the same numbers.
 */
export function randomMisuse(surface: string, name: string, world: CallWorld, random: () => number): Misuse {
  const args = [...publicCalls[surface][name](world)];
  const wrong = wrongValues(world);
  const pick = <T>(list: readonly T[]): T => list[randomInteger(random, 0, list.length - 1)];
  const said: string[] = [];
  const change = (place: object, path: string): void => {
    const keys = Object.keys(place);
    if (keys.length === 0) return;
    const key = pick(keys);
    const value: unknown = Reflect.get(place, key);
    if (isOpen(value) && random() < 0.7) {
      const copy = Array.isArray(value) ? [...value] : { ...value };
      Reflect.set(place, key, copy);
      change(copy, `${path}.${key}`);
      return;
    }
    const [what, given] = random() < 0.3 ? numberLike(random) : pick(wrong);
    Reflect.set(place, key, given);
    said.push(`${path}.${key} is ${what}`);
  };
  for (let changes = randomInteger(random, 1, 3); changes > 0; changes--) change(args, "arguments");
  return { name: said.join(", "), args };
}

/** Numbers at the ends of what somebody might compute with; none that would ask for a large volume. */
function numberLike(random: () => number): [string, number] {
  const numbers = [
    -0,
    5e-324,
    -5e-324,
    1e-9,
    0.999,
    1,
    2,
    3,
    7,
    1e9,
    2 ** 31,
    -(2 ** 31),
    2 ** 53,
    1.7e308,
    -1.7e308,
  ];
  const value = numbers[randomInteger(random, 0, numbers.length - 1)];
  return [String(value), value];
}

/** Whether it is data of the caller's, to be changed within: not what the library gave. */
function isOpen(value: unknown): value is object {
  if (typeof value !== "object" || value === null || isFromLibrary(value)) return false;
  return Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;
}
