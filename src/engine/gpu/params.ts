/** Where a uniform's fields lie, as generated from the WGSL. */
export interface ParamsLayout {
  readonly bytes: number;
  readonly fields: Readonly<Record<string, { readonly offset: number; readonly type: string }>>;
}

/** Writes named values into `view` at `base` after the WGSL's layout; vectors and matrices are arrays, column-major. */
export function writeParams(
  view: DataView,
  base: number,
  layout: ParamsLayout,
  values: Readonly<Record<string, number | ArrayLike<number>>>,
): void {
  for (const [name, { offset, type }] of Object.entries(layout.fields)) {
    const value = values[name];
    if (typeof value === "number") writeScalar(view, base + offset, type, value);
    else for (let i = 0; i < value.length; i++) view.setFloat32(base + offset + 4 * i, value[i], true);
  }
}

function writeScalar(view: DataView, offset: number, type: string, value: number): void {
  if (type === "u32") view.setUint32(offset, value, true);
  else if (type === "i32") view.setInt32(offset, value, true);
  else view.setFloat32(offset, value, true);
}
