import type { MemoryView } from './runtime'

// The other side of src/Crypto/Primitives/BrowserAead.cs: AES-256-GCM by WebCrypto. Views are copied before the first await: they are not valid later.

const nonceSize = 12
const tagSize = 16
const keySize = 32

type Bytes = Uint8Array<ArrayBuffer>

interface Key { key: Promise<CryptoKey> }

class Work {
  results: Uint8Array[] = []
  readonly done: Promise<boolean>

  constructor(messages: Promise<ArrayBuffer>[], wiped: Uint8Array[]) {
    // Settled as a whole: no message of a refused batch is left running or kept.
    this.done = Promise.allSettled(messages).then(outcomes => {
      for (const copy of wiped) copy.fill(0)
      this.results = outcomes.flatMap(outcome => outcome.status === 'fulfilled' ? [new Uint8Array(outcome.value)] : [])
      const failures = outcomes.flatMap(outcome => outcome.status === 'rejected' ? [outcome.reason as unknown] : [])
      if (failures.length > 0) this.wipe()
      for (const failure of failures) if (!(failure instanceof NotAuthentic)) throw failure
      return failures.length === 0
    })
    // Whoever awaits it hears of a failure; until then it is nobody's.
    this.done.catch(() => undefined)
  }

  wipe(): void {
    for (const result of this.results) result.fill(0)
    this.results = []
  }
}

/** The one failure that a message is to blame for: all others are the browser's, and no alarm against a server. */
class NotAuthentic extends Error {}

async function open(key: CryptoKey, algorithm: AesGcmParams, message: Bytes): Promise<ArrayBuffer> {
  try {
    return await crypto.subtle.decrypt(algorithm, key, message)
  } catch (problem) {
    throw problem instanceof DOMException && problem.name === 'OperationError' ? new NotAuthentic() : problem
  }
}

function importCopy(copy: Bytes): Promise<CryptoKey> {
  const key = crypto.subtle.importKey('raw', copy, 'AES-GCM', false, ['encrypt', 'decrypt'])
  // WebCrypto has taken a copy of its own when the call returns.
  copy.fill(0)
  return key
}

/** Calls `run` for every nonce with the message that it is for: `size` bytes of `whole`, or what is left of it. */
function each<T>(nonces: Bytes, whole: Bytes, size: number, run: (nonce: Bytes, message: Bytes, index: number) => T): T[] {
  return Array.from({ length: nonces.length / nonceSize }, (_, i) =>
    run(nonces.subarray(i * nonceSize, (i + 1) * nonceSize), whole.subarray(i * size, (i + 1) * size), i))
}

const gcm = (iv: Bytes, additionalData: Bytes) => ({ name: 'AES-GCM', iv, additionalData, tagLength: 8 * tagSize })

/** The imports of the module "aead". */
export const aeadImports = {
  importKey: (bytes: MemoryView): Key => ({ key: importCopy(bytes.slice()) }),

  beginSeal({ key }: Key, nonces: MemoryView, plaintexts: MemoryView, aad: MemoryView, size: number): Work {
    const [iv, plain, additional] = [nonces.slice(), plaintexts.slice(), aad.slice()]
    return new Work(each(iv, plain, size, async (nonce, message) => crypto.subtle.encrypt(gcm(nonce, additional), await key, message)), [plain])
  },

  beginSealEach(keys: MemoryView, nonces: MemoryView, plaintexts: MemoryView, aads: MemoryView, size: number): Work {
    const [raw, iv, plain, additional] = [keys.slice(), nonces.slice(), plaintexts.slice(), aads.slice()]
    const aadSize = additional.length / (raw.length / keySize)
    let last: { bytes: Uint8Array, key: Promise<CryptoKey> } | null = null
    const messages = each(iv, plain, size, async (nonce, message, i) => {
      const bytes = raw.subarray(i * keySize, (i + 1) * keySize)
      // Neighbours often share their key.
      if (!last?.bytes.every((byte, j) => byte === bytes[j])) last = { bytes, key: importCopy(bytes.slice()) }
      return crypto.subtle.encrypt(gcm(nonce, additional.subarray(i * aadSize, (i + 1) * aadSize)), await last.key, message)
    })
    return new Work(messages, [raw, plain])
  },

  beginOpen({ key }: Key, nonces: MemoryView, ciphertexts: MemoryView, aad: MemoryView, size: number): Work {
    const [iv, sealed, additional] = [nonces.slice(), ciphertexts.slice(), aad.slice()]
    return new Work(each(iv, sealed, size + tagSize, async (nonce, message) => open(await key, gcm(nonce, additional), message)), [])
  },

  finish: (work: Work): Promise<boolean> => work.done,

  take(work: Work, target: MemoryView, stride: number): void {
    work.results.forEach((result, i) => { target.set(result, i * stride) })
    work.wipe()
  },
}
