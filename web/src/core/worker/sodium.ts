import start, { type Sodium } from 'libsodium-sumo'
import type { MemoryView } from './runtime'

// The other side of src/Crypto/Primitives/BrowserSodium.cs.

const argon2id13 = 2

/** The imports of the module "sodium". */
export async function sodiumImports() {
  const sodium = await start({ getRandomValue: () => crypto.getRandomValues(new Uint32Array(1))[0]! })
  if (sodium._sodium_init() < 0) throw new Error('libsodium could not be initialised.')
  return importsOf(sodium)
}

export function importsOf(sodium: Sodium) {
  const call = (results: MemoryView[], given: MemoryView[], run: (...at: number[]) => number) => within(sodium, results, given, run)
  /** A function of one result, which has no lengths. */
  const plain = (name: `_crypto_${string}`) => (result: MemoryView, ...given: MemoryView[]) => call([result], given, (...at) => sodium[name]!(...at))

  return {
    crypto_sign_seed_keypair: (publicKey: MemoryView, secretKey: MemoryView, seed: MemoryView) =>
      call([publicKey, secretKey], [seed], (pk, sk, s) => sodium._crypto_sign_seed_keypair!(pk!, sk!, s!)),
    crypto_sign_detached: (signature: MemoryView, message: MemoryView, secretKey: MemoryView) =>
      call([signature], [message, secretKey], (sig, m, sk) => sodium._crypto_sign_detached!(sig!, 0, m!, message.length, 0, sk!)),
    crypto_sign_verify_detached: (signature: MemoryView, message: MemoryView, publicKey: MemoryView) =>
      call([], [signature, message, publicKey], (sig, m, pk) => sodium._crypto_sign_verify_detached!(sig!, m!, message.length, 0, pk!)),
    crypto_box_seed_keypair: (publicKey: MemoryView, secretKey: MemoryView, seed: MemoryView) =>
      call([publicKey, secretKey], [seed], (pk, sk, s) => sodium._crypto_box_seed_keypair!(pk!, sk!, s!)),
    crypto_box_seal: (box: MemoryView, message: MemoryView, publicKey: MemoryView) =>
      call([box], [message, publicKey], (c, m, pk) => sodium._crypto_box_seal!(c!, m!, message.length, 0, pk!)),
    crypto_box_seal_open: (message: MemoryView, box: MemoryView, publicKey: MemoryView, secretKey: MemoryView) =>
      call([message], [box, publicKey, secretKey], (m, c, pk, sk) => sodium._crypto_box_seal_open!(m!, c!, box.length, 0, pk!, sk!)),
    crypto_stream_chacha20_ietf_xor_ic: (output: MemoryView, input: MemoryView, nonce: MemoryView, block: number, key: MemoryView) =>
      call([output], [input, nonce, key], (o, i, n, k) => sodium._crypto_stream_chacha20_ietf_xor_ic!(o!, i!, input.length, 0, n!, block, k!)),
    crypto_pwhash: (output: MemoryView, passphrase: MemoryView, salt: MemoryView, passes: number, memoryKiB: number) =>
      call([output], [passphrase, salt], (o, p, s) =>
        sodium._crypto_pwhash!(o!, output.length, 0, p!, passphrase.length, 0, s!, passes, 0, memoryKiB * 1024, argon2id13)),
    hash_leaves: (hashes: MemoryView, leaves: MemoryView, size: number) => { hashLeaves(sodium, hashes, leaves, size) },
    crypto_hash_sha256_init: (state: MemoryView) => call([state], [], s => sodium._crypto_hash_sha256_init!(s!)),
    crypto_hash_sha256_update: (state: MemoryView, data: MemoryView) =>
      call([state], [state, data], (s, before, d) => {
        sodium.HEAPU8.copyWithin(s!, before!, before! + state.length)
        return sodium._crypto_hash_sha256_update!(s!, d!, data.length, 0)
      }),
    crypto_hash_sha256_final: (state: MemoryView, hash: MemoryView) => call([hash], [state], (h, s) => sodium._crypto_hash_sha256_final!(s!, h!)),
    crypto_core_ristretto255_is_valid_point: (point: MemoryView) => call([], [point], p => sodium._crypto_core_ristretto255_is_valid_point!(p!)),
    crypto_core_ristretto255_add: plain('_crypto_core_ristretto255_add'),
    crypto_core_ristretto255_sub: plain('_crypto_core_ristretto255_sub'),
    crypto_core_ristretto255_from_hash: plain('_crypto_core_ristretto255_from_hash'),
    crypto_scalarmult: plain('_crypto_scalarmult'),
    crypto_scalarmult_ristretto255: plain('_crypto_scalarmult_ristretto255'),
    crypto_scalarmult_ristretto255_base: plain('_crypto_scalarmult_ristretto255_base'),
    crypto_core_ristretto255_scalar_reduce: plain('_crypto_core_ristretto255_scalar_reduce'),
    crypto_core_ristretto255_scalar_add: plain('_crypto_core_ristretto255_scalar_add'),
    crypto_core_ristretto255_scalar_sub: plain('_crypto_core_ristretto255_scalar_sub'),
    crypto_core_ristretto255_scalar_mul: plain('_crypto_core_ristretto255_scalar_mul'),
    crypto_core_ristretto255_scalar_invert: plain('_crypto_core_ristretto255_scalar_invert'),
  }
}

/** Memory of the library, or an exception: at address 0 stands data of its own, and not all callers look at an outcome. */
function allocate(sodium: Sodium, size: number): number {
  const base = sodium._malloc(size)
  if (base === 0) throw new Error('libsodium has no memory left.')
  return base
}

/** Lays results and inputs behind one another in the library's memory, runs, takes the results out and overwrites all of it. */
function within(sodium: Sodium, results: MemoryView[], given: MemoryView[], run: (...at: number[]) => number): number {
  const size = [...results, ...given].reduce((sum, view) => sum + aligned(view.length), 0)
  const base = allocate(sodium, size)
  try {
    const addresses: number[] = []
    let end = base
    for (const view of [...results, ...given]) {
      addresses.push(end)
      if (addresses.length > results.length) view.copyTo(sodium.HEAPU8.subarray(end, end + view.length))
      end += aligned(view.length)
    }
    const outcome = run(...addresses)
    results.forEach((view, i) => { view.set(sodium.HEAPU8.subarray(addresses[i]!, addresses[i]! + view.length)) })
    return outcome
  } finally {
    sodium.HEAPU8.fill(0, base, base + size)
    sodium._free(base)
  }
}

/**
 * H(0x00 | leaf) of each leaf. They lie one byte behind the start, so that each one's prefix takes the place of the last byte of the one before, which is hashed already.
 * What is hashed is ciphertext, or what commits to it: there is nothing to overwrite.
 */
function hashLeaves(sodium: Sodium, hashes: MemoryView, leaves: MemoryView, size: number): void {
  const base = allocate(sodium, 1 + leaves.length + hashes.length)
  const results = base + 1 + leaves.length
  try {
    leaves.copyTo(sodium.HEAPU8.subarray(base + 1, results))
    for (let at = 0, i = 0; at < leaves.length; at += size, i++) {
      sodium.HEAPU8[base + at] = 0
      sodium._crypto_hash_sha256!(results + i * hashSize, base + at, 1 + Math.min(size, leaves.length - at), 0)
    }
    hashes.set(sodium.HEAPU8.subarray(results, results + hashes.length))
  } finally {
    sodium._free(base)
  }
}

const hashSize = 32
const aligned = (size: number) => (size + 15) & ~15
