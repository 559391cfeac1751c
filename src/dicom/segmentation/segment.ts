import { checkOptions, type Rule, type RulesOf } from "../../core/options.js";
import { listOf, object, required, text, wholeWithin, within } from "../../core/rules.js";

/** A concept by its code (PS3.3 8.8). */
export interface CodedConcept {
  readonly value: string;
  /** "SCT", "DCM". */
  readonly scheme: string;
  readonly meaning: string;
}

/** One segment of a label volume. */
export interface Segment {
  /** The value of its voxels, 1 or more. */
  readonly label: number;
  /** What people call it: "right lung". */
  readonly name: string;
  /** Segmented Property Category; Anatomical Structure where absent. */
  readonly category?: CodedConcept;
  /** Segmented Property Type; Anatomical Structure where absent. */
  readonly type?: CodedConcept;
  /** Of its type: a side. */
  readonly modifier?: CodedConcept;
  /** Red, green, blue, 0 to 1. */
  readonly color?: readonly number[];
}

export const anatomicalStructure: CodedConcept = {
  value: "123037004",
  scheme: "SCT",
  meaning: "Anatomical Structure",
};

const codeRules: RulesOf<CodedConcept> = {
  value: required(text),
  scheme: required(text),
  meaning: required(text),
};

/** Of a segment, named `of` in errors. */
export function segmentRule(of: string): Rule {
  const code = object<CodedConcept>(of, codeRules);
  const rules: RulesOf<Segment> = {
    label: required(wholeWithin(1, 65535)),
    name: required(text),
    category: code,
    type: code,
    modifier: code,
    color: listOf(within(0, 1), "3 numbers from 0 to 1", 3),
  };
  return (value) => void checkOptions(of, value as Segment, rules);
}

/**
 * Recommended Display CIELab Value (PS3.3 C.10.7.1.1) of an sRGB color: L* of 0..100 and a*, b* of -128..127,
 * each over 0..65535, by the white point D65 (IEC 61966-2-1).
 */
export function cieLab(color: readonly number[]): number[] {
  const [r, g, b] = color.map((one) => (one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4));
  const x = (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505;
  const y = 0.2126 * r + 0.7152 * g + 0.0722 * b;
  const z = (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089;
  const [fx, fy, fz] = [x, y, z].map((one) => (one > 0.008856 ? Math.cbrt(one) : 7.787 * one + 16 / 116));
  const lab = [116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)];
  const held = (value: number) => Math.round(Math.min(65535, Math.max(0, value)));
  return [
    held((lab[0] / 100) * 65535),
    held(((lab[1] + 128) / 255) * 65535),
    held(((lab[2] + 128) / 255) * 65535),
  ];
}
