// What a folder of the worker's file system needs of whoever keeps its files; mount.ts shows it to .NET.

/** A folder or a file. */
export interface Item {
  name: string
  parent: Item | null
  modified: number
  /** Null for a file. */
  readonly children: Map<string, Item> | null
}

export abstract class Volume<T extends Item> {
  abstract readonly root: T
  abstract create(parent: T, name: string, isFolder: boolean): T
  /** Takes the place of what has that name already. */
  abstract move(item: T, parent: T, name: string): void
  abstract remove(item: T): void
  abstract size(file: T): number
  /** How much there was to read. */
  abstract read(file: T, target: Uint8Array, at: number): number
  abstract write(file: T, source: Uint8Array, at: number): void
  abstract resize(file: T, size: number): void
  /** What was written is there after a crash. */
  flush(_file: T): void {}
  opened(_file: T): void {}
  closed(_file: T): void {}
}

/** Puts an item where it belongs in its folder. */
export function enter<T extends Item>(item: T): T {
  item.parent?.children?.set(item.name, item)
  return item
}

/** A refusal with a number of emscripten's (they are WASI's). */
export class VolumeFault extends Error {
  readonly code: number
  constructor(code: number) {
    super(`file system: ${code}`)
    this.code = code
  }
}

export const fault = { io: 29, noSpace: 51, readOnly: 69, notEmpty: 55 } as const
