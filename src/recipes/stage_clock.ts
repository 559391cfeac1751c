/** Wall time of one stage of a recipe. */
export interface StageTime {
  readonly stage: string;
  readonly milliseconds: number;
}

/** Times stages in the order they end. */
export function stageClock() {
  const stages: StageTime[] = [];
  return {
    stages: stages as readonly StageTime[],
    async time<T>(stage: string, work: () => Promise<T>): Promise<T> {
      const start = performance.now();
      const result = await work();
      stages.push({ stage, milliseconds: performance.now() - start });
      return result;
    },
  };
}
