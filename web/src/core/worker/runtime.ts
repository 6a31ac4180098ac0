// What the worker uses of the .NET runtime for WebAssembly: dotnet.d.ts of its package, as far as it goes.

/** Memory of .NET, valid during the call that it was handed to. */
export interface MemoryView {
  readonly length: number
  set(source: Uint8Array, offset?: number): void
  copyTo(target: Uint8Array, offset?: number): void
  slice(start?: number, end?: number): Uint8Array<ArrayBuffer>
}

/** Exported by src/Browser/Exports.cs. */
export interface Exports {
  InvokeAsync(call: number, operation: string, args: string): Promise<string>
  Cancel(call: number): void
}

export interface Runtime {
  Module: { FS: FileSystem, HEAPU8: Uint8Array }
  setModuleImports(name: string, imports: Record<string, (...values: never[]) => unknown>): void
  getAssemblyExports(name: string): Promise<{ Salus: { Browser: { Exports: Exports } } }>
  runMain(): Promise<number>
}

/** Emscripten's file system. */
export interface FileSystem {
  mkdirTree(path: string): void
  mount(type: MountType, options: object, point: string): unknown
  createNode(parent: Node | null, name: string, mode: number, device: number): Node
  destroyNode(node: Node): void
  isDir(mode: number): boolean
  ErrnoError: new (code: number) => Error
}

export interface MountType { mount(mount: { mountpoint: string }): Node }

/** A folder or file of a mounted file system; whoever mounts it adds what it needs. */
export interface Node {
  id: number
  name: string
  mode: number
  parent: Node
  node_ops: object
  stream_ops: object
}

/** An open file. */
export interface Stream { node: Node, position: number, flags: number }

interface Dotnet { withConfig(config: object): Dotnet, create(): Promise<Runtime> }

/** Starts the runtime with the assemblies that `core/boot.json` lists, each with its hash. */
export async function boot(core: URL): Promise<Runtime & { program: string }> {
  const list = await fetch(new URL('boot.json', core), { cache: 'no-cache' })
  if (!list.ok) throw new Error(`${list.url}: ${list.status}`)
  const [config, { dotnet }] = await Promise.all([
    list.json() as Promise<{ mainAssemblyName: string }>,
    import(/* @vite-ignore */ new URL('dotnet.js', core).href) as Promise<{ dotnet: Dotnet }>,
  ])
  // The folder is named by its content, and each assembly is held to its hash: what the browser has kept need not be asked for again.
  return Object.assign(await dotnet.withConfig({ ...config, disableNoCacheFetch: true }).create(), { program: config.mainAssemblyName })
}
