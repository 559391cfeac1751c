/**
 * Stands for Node's module, which xmlbuilder2, of dcmjs, extends as it is loaded and which Vite leaves out of
 * pages. Never used in reading DICOM.
 */
export class EventEmitter {}
