/** Selection value of T.81 table H.1. */
export type JpegPredictor = 1 | 2 | 3 | 4 | 5 | 6 | 7;

export interface PredictionLayout {
  readonly rows: number;
  readonly columns: number;
  readonly precision: number;
  readonly pointTransform: number;
  readonly predictor: JpegPredictor;
  /** Prediction starts anew after this many rows; 0: never. */
  readonly restartRows: number;
}

/**
 * Each sample less its prediction, modulo 2^16 (T.81 H.1.2): -32768 stands for +32768. The first sample after
 * a (re)start is predicted as half the range, its row from the left, the first column from above.
 */
export function predictionDifferences(samples: Uint16Array, layout: PredictionLayout): Int16Array {
  const { rows, columns, restartRows } = layout;
  const predict = PREDICTORS[layout.predictor];
  const out = new Int16Array(samples.length);
  for (let row = 0; row < rows; row++) {
    const start = row * columns;
    const isFirst = row === 0 || (restartRows > 0 && row % restartRows === 0);
    const atStart = isFirst ? 2 ** (layout.precision - layout.pointTransform - 1) : samples[start - columns];
    out[start] = samples[start] - atStart;
    for (let i = start + 1; i < start + columns; i++) {
      const left = samples[i - 1];
      out[i] = samples[i] - (isFirst ? left : predict(left, samples[i - columns], samples[i - columns - 1]));
    }
  }
  return out;
}

type Predict = (left: number, above: number, aboveLeft: number) => number;

const PREDICTORS: Readonly<Record<JpegPredictor, Predict>> = {
  1: (left) => left,
  2: (_left, above) => above,
  3: (_left, _above, aboveLeft) => aboveLeft,
  4: (left, above, aboveLeft) => left + above - aboveLeft,
  5: (left, above, aboveLeft) => left + ((above - aboveLeft) >> 1),
  6: (left, above, aboveLeft) => above + ((left - aboveLeft) >> 1),
  7: (left, above) => (left + above) >> 1,
};
