import { defineConfig } from "vitest/config";

/**
 * Tests of core, dicom and recipes for `npm run test:mutation`: those that need neither a device nor seconds,
 * for they run once a mutant.
 */
export default defineConfig({
  test: {
    name: "mutation",
    include: [
      "test/unit/{acquisition,byte_source,character_set,rules,stream_kind}.test.ts",
      "test/unit/{check_grid,compile_wasm,dispose,grid_difference}.test.ts",
      "test/unit/{lung_mask,bowel_rules,options,split_lungs,stored_frames,target_grid,value_functions}.test.ts",
      "test/unit/{series_thresholds,series_values,series_volumes,series_repair,series_near_even}.test.ts",
      "test/unit/{dicom_elements,dicom_inflate,dicom_parse,dicom_series,dicom_sources,enhanced_ct}.test.ts",
      "test/unit/{multi_frame,slabs,view_parts,voi_window,zip,gzip,tar}.test.ts",
    ],
    testTimeout: 180_000,
  },
});
