/** Of a lung mask and of turning views, in the page: bench/waits/main.js. */
interface Window {
  measureWaits(urls: readonly string[], seconds: number): Promise<object>;
}
