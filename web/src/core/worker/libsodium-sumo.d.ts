// libsodium as it leaves the compiler: its functions by address, with an underscore before their names.
declare module 'libsodium-sumo' {
  export interface Sodium extends Record<`_crypto_${string}`, (...values: number[]) => number> {
    HEAPU8: Uint8Array
    _sodium_init(): number
    _malloc(size: number): number
    _free(address: number): void
  }
  export default function start(options: { getRandomValue: () => number }): Promise<Sodium>
}
