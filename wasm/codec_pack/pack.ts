// The last pass of decoding by itself, for codecs whose samples come from elsewhere.

export { packRows } from "../codec/pack";
