/** Blocks in a row, start and count by turns: where a file stands in the data file. */
export type Extents = number[]

/** Which blocks of the data file are free. */
export class Blocks {
  // Ascending, none touching the next one.
  private free: [start: number, count: number][] = []
  private last = 0

  /** The first block that was never taken or is free up to the end. */
  get end(): number { return this.last }

  /** Those that files have when the volume is opened; all others below them are free. */
  static around(used: Extents[]): Blocks {
    const blocks = new Blocks()
    const sorted = used.flatMap(extents => pairs(extents)).sort((a, b) => a[0] - b[0])
    for (const [start, count] of sorted) {
      if (start > blocks.last) blocks.free.push([blocks.last, start - blocks.last])
      blocks.last = Math.max(blocks.last, start + count)
    }
    return blocks
  }

  /** `wanted` blocks in a row, or at least `needed`: from the first gap that is wide enough, else from the end. */
  take(needed: number, wanted: number): [start: number, count: number] {
    const at = this.free.findIndex(([, count]) => count >= needed)
    const gap = this.free[at]
    if (!gap) {
      this.last += wanted
      return [this.last - wanted, wanted]
    }
    const start = gap[0]
    const count = Math.min(gap[1], wanted)
    if (count === gap[1]) this.free.splice(at, 1)
    else this.free[at] = [start + count, gap[1] - count]
    return [start, count]
  }

  give(extents: Extents): void {
    for (const [start, count] of pairs(extents)) {
      const at = this.free.findIndex(gap => gap[0] > start)
      this.free.splice(at < 0 ? this.free.length : at, 0, [start, count])
    }
    this.free = this.free.reduce<[number, number][]>((joined, gap) => {
      const before = joined.at(-1)
      if (before && before[0] + before[1] === gap[0]) before[1] += gap[1]
      else joined.push([...gap])
      return joined
    }, [])
    const tail = this.free.at(-1)
    if (tail && tail[0] + tail[1] === this.last) {
      this.last = tail[0]
      this.free.pop()
    }
  }
}

export function pairs(extents: Extents): [start: number, count: number][] {
  return Array.from({ length: extents.length / 2 }, (_, i) => [extents[2 * i]!, extents[2 * i + 1]!])
}

export const blocksOf = (extents: Extents) => pairs(extents).reduce((sum, [, count]) => sum + count, 0)

/** Cuts a file's blocks after the first `count`: those, and the rest. */
export function cut(extents: Extents, count: number): [kept: Extents, rest: Extents] {
  const [kept, rest]: [Extents, Extents] = [[], []]
  for (const [start, length] of pairs(extents)) {
    const own = Math.min(length, count)
    if (own > 0) kept.push(start, own)
    if (own < length) rest.push(start + own, length - own)
    count -= own
  }
  return [kept, rest]
}
