/** What the process tells its caller. */
export const exitCode = {
  done: 0,
  refused: 1,
  usage: 2,
  noGpu: 3,
  someRefused: 4,
  crashed: 5,
  interrupted: 130,
} as const;
