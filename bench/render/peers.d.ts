// Of what peers offer, as much as the bench uses: they are installed apart (bench/peers), and their own types
// are there alone.
interface VtkImage {
  getBounds(): readonly number[];
  getDimensions(): readonly number[];
  getSpacing(): readonly number[];
}
interface VtkPiecewiseFunction {
  addPoint(hu: number, opacity: number): void;
}
interface VtkColorTransferFunction {
  addRGBPoint(hu: number, red: number, green: number, blue: number): void;
}
interface VtkMaker<Made> {
  newInstance(options?: object): Made;
}
interface VtkCamera {
  setParallelProjection(on: boolean): void;
  setFocalPoint(x: number, y: number, z: number): void;
  setPosition(x: number, y: number, z: number): void;
  setViewUp(x: number, y: number, z: number): void;
  setParallelScale(halfHeight: number): void;
}
interface VtkProperty {
  setRGBTransferFunction(component: number, colors: VtkColorTransferFunction): void;
  setScalarOpacity(component: number, opacity: VtkPiecewiseFunction): void;
  setScalarOpacityUnitDistance(component: number, mm: number): void;
  setInterpolationTypeToLinear(): void;
  setShade(on: boolean): void;
  setAmbient(part: number): void;
  setDiffuse(part: number): void;
  setSpecular(part: number): void;
  setSpecularPower(power: number): void;
}
interface VtkMapper {
  setInputData(image: VtkImage): void;
  getInputData(): VtkImage;
  setAutoAdjustSampleDistances(on: boolean): void;
  setSampleDistance(mm: number): void;
  setMaximumSamplesPerRay(count: number): void;
  setBlendMode(mode: number): void;
}
interface VtkVolume {
  setMapper(mapper: VtkMapper): void;
  getMapper(): VtkMapper;
  getProperty(): VtkProperty;
}
interface VtkRenderer {
  addVolume(volume: VtkVolume): void;
  getActiveCamera(): VtkCamera;
  resetCameraClippingRange(): void;
}
interface VtkGenericRenderWindow {
  setContainer(element: Element): void;
  resize(): void;
  getRenderer(): VtkRenderer;
  getRenderWindow(): { render(): void };
  getApiSpecificRenderWindow(): { getContext(): WebGL2RenderingContext };
}

declare module "@kitware/vtk.js/Rendering/Profiles/Volume" {}
declare module "@kitware/vtk.js/Common/DataModel/ITKHelper" {
  const helper: { convertItkToVtkImage(image: object): VtkImage };
  export default helper;
}
declare module "@kitware/vtk.js/Common/DataModel/PiecewiseFunction" {
  const maker: VtkMaker<VtkPiecewiseFunction>;
  export default maker;
}
declare module "@kitware/vtk.js/Common/DataModel/PiecewiseFunction.js" {
  export { default } from "@kitware/vtk.js/Common/DataModel/PiecewiseFunction";
}
declare module "@kitware/vtk.js/Rendering/Core/ColorTransferFunction" {
  const maker: VtkMaker<VtkColorTransferFunction>;
  export default maker;
}
declare module "@kitware/vtk.js/Rendering/Core/ColorTransferFunction.js" {
  export { default } from "@kitware/vtk.js/Rendering/Core/ColorTransferFunction";
}
declare module "@kitware/vtk.js/Rendering/Core/Volume" {
  const maker: VtkMaker<VtkVolume>;
  export default maker;
}
declare module "@kitware/vtk.js/Rendering/Core/VolumeMapper" {
  const maker: VtkMaker<VtkMapper>;
  export default maker;
}
declare module "@kitware/vtk.js/Rendering/Misc/GenericRenderWindow" {
  const maker: VtkMaker<VtkGenericRenderWindow>;
  export default maker;
}

declare module "@itk-wasm/dicom" {
  export function setPipelinesBaseUrl(url: string): void;
  export function setPipelineWorkerUrl(url: string): void;
  export function readImageDicomFileSeries(options: {
    inputImages: readonly File[];
    singleSortedSeries: boolean;
  }): Promise<{ outputImage: object; webWorkerPool: { terminateWorkers(): void } }>;
}

declare module "@cornerstonejs/core" {
  export const cache: { getCacheSize(): number };
  export const Enums: {
    readonly Events: { readonly IMAGE_VOLUME_LOADING_COMPLETED: string; readonly IMAGE_RENDERED: string };
    readonly ViewportType: { readonly VOLUME_3D: string };
  };
  export const eventTarget: EventTarget;
  export function init(options: { rendering: { webGlContextCount: number } }): void;
  export const volumeLoader: {
    createAndCacheVolume(id: string, options: { imageIds: readonly string[] }): Promise<{ load(): void }>;
  };
  export interface Viewport {
    getDefaultActor(): { actor: VtkVolume };
    getVtkActiveCamera(): VtkCamera;
    getRenderer(): VtkRenderer;
    render(): void;
  }
  export class RenderingEngine {
    constructor(id: string);
    enableElement(options: {
      viewportId: string;
      type: string;
      element: Element;
      defaultOptions: { background: readonly number[]; parallelProjection: boolean };
    }): void;
    getViewport(id: string): Viewport;
    getOffscreenMultiRenderWindow(id: string): {
      getOpenGLRenderWindow(): { get3DContext(): WebGL2RenderingContext };
    };
  }
  export function setVolumesForViewports(
    engine: RenderingEngine,
    volumes: readonly { volumeId: string }[],
    viewportIds: readonly string[],
  ): Promise<void>;
}

declare module "@cornerstonejs/dicom-image-loader" {
  export function init(options: { maxWebWorkers: number }): void;
}

declare module "@niivue/dcm2niix" {
  interface Run {
    b(value: string): Run;
    z(value: string): Run;
    run(): Promise<File[]>;
  }
  export class Dcm2niix {
    readonly worker: Worker;
    init(): Promise<void>;
    input(files: readonly File[]): Run;
  }
}

declare module "@niivue/niivue" {
  export interface ColorMap {
    readonly R: readonly number[];
    readonly G: readonly number[];
    readonly B: readonly number[];
    readonly A: readonly number[];
    readonly I: readonly number[];
  }
  export const cmapper: { addColormap(name: string, map: ColorMap): void };
  export const SLICE_TYPE: { readonly RENDER: number };
  export class NVImage {
    static loadFromFile(options: { file: File; colormap: string }): Promise<NVImage>;
    readonly pixDimsRAS: readonly number[];
    readonly dimsRAS: readonly number[];
    cal_min: number;
    cal_max: number;
    _colormap: string;
  }
  export class Niivue {
    constructor(options: object);
    readonly gl: WebGL2RenderingContext;
    readonly scene: { volScaleMultiplier: number; renderAzimuth: number; renderElevation: number };
    addVolume(volume: NVImage): void;
    refreshColormaps(): void;
    setVolumeRenderIllumination(gradientAmount: number): Promise<void>;
    drawScene(): void;
    attachToCanvas(canvas: HTMLCanvasElement, isAntiAlias: boolean): Promise<void>;
    loadMatCapTexture(url: string): Promise<void>;
    setSliceType(type: number): void;
  }
}
