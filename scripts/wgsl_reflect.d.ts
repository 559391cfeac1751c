/** The package names its types for its main file alone, which is no ES module. */
declare module "wgsl_reflect/wgsl_reflect.module.js" {
  export * from "wgsl_reflect";
}
