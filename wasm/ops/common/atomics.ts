/**
 * What WGSL does by atomics. In the build for shared memory these are atomic; in that for one thread plain,
 * and several times cheaper. Results do not depend on the order of calls. SHARED is a constant of the build
 * (scripts/build-ops.js).
 */

// @ts-ignore: decorator
@inline
export function add_u32(at: usize, value: u32): void {
  if (SHARED) atomic.add<u32>(at, value);
  else store<u32>(at, load<u32>(at) + value);
}

// @ts-ignore: decorator
@inline
export function store_u32(at: usize, value: u32): void {
  if (SHARED) atomic.store<u32>(at, value);
  else store<u32>(at, value);
}

// @ts-ignore: decorator
@inline
export function or_u32(at: usize, value: u32): void {
  if (SHARED) atomic.or<u32>(at, value);
  else store<u32>(at, load<u32>(at) | value);
}

// @ts-ignore: decorator
@inline
export function load_u32(at: usize): u32 {
  if (SHARED) return atomic.load<u32>(at);
  return load<u32>(at);
}

/** Stores the smaller of what is there and `value`; gives what was there. */
export function min_u32(at: usize, value: u32): u32 {
  if (!SHARED) {
    const found = load<u32>(at);
    if (value < found) store<u32>(at, value);
    return found;
  }
  let found = atomic.load<u32>(at);
  while (value < found) {
    const seen = atomic.cmpxchg<u32>(at, found, value);
    if (seen == found) break;
    found = seen;
  }
  return found;
}

/** Stores the larger of what is there and `value`. */
export function max_u32(at: usize, value: u32): void {
  if (!SHARED) {
    if (value > load<u32>(at)) store<u32>(at, value);
    return;
  }
  let found = atomic.load<u32>(at);
  while (value > found) {
    const seen = atomic.cmpxchg<u32>(at, found, value);
    if (seen == found) return;
    found = seen;
  }
}

/** At a multiple of 8. */
// @ts-ignore: decorator
@inline
export function add_u64(at: usize, value: u64): void {
  if (SHARED) atomic.add<u64>(at, value);
  else store<u64>(at, load<u64>(at) + value);
}
