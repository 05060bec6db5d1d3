/** Random numbers that come again with their seed. */
export const chanceOf = (seed: number) => {
  let state = (seed * 2_654_435_761 + 12_345) >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  return {
    between: (least: number, most: number): number => least + next() * (most - least),
    below: (count: number): number => Math.floor(next() * count),
    happens: (share: number): boolean => next() < share,
  };
};

export type Chance = ReturnType<typeof chanceOf>;

/** Time that is a number: what is to happen, in order. */
export class Events {
  readonly #heap: { ms: number; order: number; work: () => void }[] = [];
  #order = 0;
  nowMs = 0;

  at(ms: number, work: () => void): void {
    const heap = this.#heap;
    const event = { ms: Math.max(ms, this.nowMs), order: this.#order++, work };
    let at = heap.length;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent];
      if (!above || !this.#isBefore(event, above)) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = event;
  }

  /** @returns whether there was one before `untilMs` */
  next(untilMs: number): boolean {
    const heap = this.#heap;
    const [top] = heap;
    if (!top || top.ms > untilMs) return false;
    const last = heap.pop();
    if (heap.length > 0 && last) {
      let at = 0;
      for (;;) {
        let child = 2 * at + 1;
        const [left, right] = [heap[child], heap[child + 1]];
        if (!left) break;
        if (right && this.#isBefore(right, left)) child++;
        const least = heap[child];
        if (!least || this.#isBefore(last, least)) break;
        heap[at] = least;
        at = child;
      }
      heap[at] = last;
    }
    this.nowMs = top.ms;
    top.work();
    return true;
  }

  #isBefore(one: { ms: number; order: number }, other: { ms: number; order: number }): boolean {
    return one.ms < other.ms || (one.ms === other.ms && one.order < other.order);
  }
}
