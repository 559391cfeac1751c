export class EventEmitter {}
