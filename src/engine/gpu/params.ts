/** Where a uniform's fields lie, as generated from the WGSL. */
export interface ParamsLayout {
  readonly bytes: number;
  readonly fields: Readonly<Record<string, { readonly offset: number; readonly type: string }>>;
}

/**
 * Writes named values into `view` at `base` after the WGSL's layout; vectors and matrices are arrays,
 * column-major.
 */
export function writeParams(
  view: DataView,
  base: number,
  layout: ParamsLayout,
  values: Readonly<Record<string, number | ArrayLike<number>>>,
): void {
  for (const [name, { offset, type }] of Object.entries(layout.fields)) {
    const value = values[name];
    if (typeof value === "number") writeScalar(view, base + offset, type, value);
    else
      for (let i = 0; i < value.length; i++)
        writeScalar(view, base + offset + 4 * i, elementType(type), value[i]);
  }
}

/** Arrays are of f32 vectors. */
function elementType(type: string): string {
  return { u: "u32", i: "i32" }[/^vec[234]([ui])$/.exec(type)?.[1] ?? ""] ?? "f32";
}

function writeScalar(view: DataView, offset: number, type: string, value: number): void {
  if (type === "u32") view.setUint32(offset, value, true);
  else if (type === "i32") view.setInt32(offset, value, true);
  else view.setFloat32(offset, value, true);
}
