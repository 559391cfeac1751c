/** For `using`: an owner whose `destroy` is called at the end of the block. */
export function disposable<T extends { destroy(): void }>(owner: T): T & Disposable {
  return Object.assign(owner, { [Symbol.dispose]: () => owner.destroy() });
}
