// node sd-jwt-core.mjs COPIES: verifies a file of signed copies with an implementation that is not ours, and prints the claims of each as a line of JSON.
import { SDJwtInstance } from '@sd-jwt/core'
import { createHash, createPublicKey, verify } from 'node:crypto'
import { readFileSync } from 'node:fs'

const [head, ...copies] = readFileSync(process.argv[2], 'utf8').trimEnd().split('\n')
const x = Buffer.from(JSON.parse(head).key, 'base64').toString('base64url')
const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
const instance = new SDJwtInstance({
  verifier: (data, signature) => verify(null, Buffer.from(data), key, Buffer.from(signature, 'base64url')),
  hasher: (data, algorithm) => createHash(algorithm.replace('-', '')).update(data).digest(),
  hashAlg: 'sha-256',
})
for (const copy of copies) {
  const { payload } = await instance.verify(copy)
  console.log(JSON.stringify(payload))
}
