/**
 * Where the growth of the airways stops. Values in brackets: the air reached in two patients, also averaged,
 * thinned, noisy and lowered as in emphysema, threshold by threshold.
 */
export const growthLimits = {
  /** Thresholds: from air at -1000 HU to just below where a lung's own voxels join up. */
  firstHu: -980,
  lastHu: -840,
  stepHu: 20,
  /**
   * The air of trachea and bronchi, walls not counted, is 24 to 65 ml: what has grown beyond this has burst
   * into the lung (1100 ml and more).
   */
  mostMl: 85,
  /** Without a trachea there are bronchi alone (24 ml in two lower halves); what is more is bowel. */
  mostBronchiMl: 40,
  /**
   * A step of threshold adds less than this part (0.01 to 0.17 from -940 HU on), where it has reached so
   * much; a leak that is still small adds more. With walls it adds less than so much (1 to 14 ml): a leak
   * goes through the lung as thin ways, on all sides of which walls would be taken.
   */
  leak: { fromMl: 45, fromHu: -940, growth: 1.35, withWallsMl: 20 },
  /** With walls (29 to 82 ml of whole chests); twice the lumen of people is 130. */
  mostWithWallsMl: 120,
  /** More than this is no airways alone; it is kept, and said. */
  doubtfulMl: 75,
  /**
   * With less than this what was followed need not be the trachea, and says nothing of where the middle is.
   */
  tracheaMl: 15,
} as const;

const last = (growthLimits.lastHu - growthLimits.firstHu) / growthLimits.stepHu;

export function thresholdHu(step: number): number {
  return growthLimits.firstHu + step * growthLimits.stepHu;
}

/** What growth below one threshold reaches. */
export interface Reached {
  readonly ml: number;
  /** With what of the walls is partly air. Asked at most once, and only of what may leak: it costs more. */
  withWallsMl(): Promise<number>;
}

export interface GrowthEnd {
  /** The step of threshold at which growth stops; undefined where even the first bursts. */
  readonly step: number | undefined;
  readonly ml: number;
  readonly leaks: boolean;
}

/**
 * The last step of threshold at which growth stays within the airways. `reachedAt` grows and measures; it is
 * asked at most once a step.
 */
export async function lastContained(
  reachedAt: (step: number) => Promise<Reached>,
  mostMl: number = growthLimits.mostMl,
): Promise<GrowthEnd> {
  const known = new Map<number, Reached>();
  const measure = async (step: number) => {
    const reached = known.get(step) ?? onceMeasured(await reachedAt(step));
    known.set(step, reached);
    return reached;
  };
  let low = 0;
  let high: number = last;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if ((await measure(middle)).ml > mostMl) high = middle - 1;
    else low = middle + 1;
  }
  if (high < 0) return { step: undefined, ml: 0, leaks: true };
  while (high > 0 && (await isLeaking(high, measure))) high--;
  const reached = await measure(high);
  const { doubtfulMl } = growthLimits;
  return { step: high, ml: reached.ml, leaks: reached.ml > doubtfulMl || (await isWide(reached)) };
}

function onceMeasured({ ml, withWallsMl }: Reached): Reached {
  let measured: Promise<number> | undefined;
  return {
    ml,
    withWallsMl() {
      measured ??= withWallsMl();
      return measured;
    },
  };
}

/** Less lumen than a leak begins at has no walls that are worth their measuring (29 to 82 ml). */
async function isWide({ ml, withWallsMl }: Reached): Promise<boolean> {
  return ml >= growthLimits.leak.fromMl && (await withWallsMl()) > growthLimits.mostWithWallsMl;
}

/** Whether what is reached at a step, or added by it, goes out of the airways. */
async function isLeaking(step: number, measure: (step: number) => Promise<Reached>): Promise<boolean> {
  const { leak } = growthLimits;
  const reached = await measure(step);
  if (await isWide(reached)) return true;
  if (thresholdHu(step) < leak.fromHu || reached.ml < leak.fromMl) return false;
  const before = await measure(step - 1);
  if (reached.ml >= leak.growth * before.ml) return true;
  return (await reached.withWallsMl()) - (await before.withWallsMl()) >= leak.withWallsMl;
}
