/** What the process tells its caller. */
export const exitCode = { done: 0, refused: 1, usage: 2, noGpu: 3, interrupted: 130 } as const;
