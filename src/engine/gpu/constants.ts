/**
 * The flag values of the WebGPU specification (sections 5.1.2 and 6.1.2). Browsers offer them as globals;
 * Node does not, and this library adds nothing to `globalThis` that a program could trip over.
 */
export const bufferUsage = {
  mapRead: 0x1,
  copySource: 0x4,
  copyDestination: 0x8,
  uniform: 0x40,
  storage: 0x80,
} as const;

export const textureUsage = {
  copySource: 0x1,
  copyDestination: 0x2,
  textureBinding: 0x4,
  renderAttachment: 0x10,
} as const;

export const shaderStage = { vertex: 0x1, fragment: 0x2, compute: 0x4 } as const;

export const MAP_MODE_READ = 0x1;
