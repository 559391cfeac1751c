// The last passes of decoding by themselves, for codecs whose samples come from elsewhere.

export { packRows } from "../common/pack";
export { clipSamples } from "./clip";
