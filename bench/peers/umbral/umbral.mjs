// Times @nucypher/umbral-pre for the bench `reencrypt`: reads lines "OPERATION TIMES", answers each with the seconds that they took.
// What a party receives is parsed from bytes within the timing, as on the other side of the comparison.
import { createInterface } from 'node:readline';
import * as umbral from '@nucypher/umbral-pre';

const { SecretKey, Signer, Capsule, CapsuleFrag, encrypt, decryptOriginal, decryptReencrypted, generateKFrags, reencrypt } = umbral;
const message = new Uint8Array(32).fill(7);
const a = SecretKey.random(), pkA = a.publicKey();
const b = SecretKey.random(), pkB = b.publicKey();
const signing = SecretKey.random(), signer = new Signer(signing), verifying = signing.publicKey();
const [capsule, ciphertext] = encrypt(pkA, message);
const capsuleBytes = capsule.toBytes();
const kfrags = generateKFrags(a, pkB, signer, 2, 3, true, true);
const cfragBytes = kfrags.map(kfrag => reencrypt(capsule, kfrag).toBytes());
const verify = bytes => CapsuleFrag.fromBytes(bytes).verify(capsule, verifying, pkA, pkB);
const two = () => [verify(cfragBytes[0]), verify(cfragBytes[2])];

const operations = {
  keygen: () => SecretKey.random().publicKey(),
  encapsulate: () => encrypt(pkA, message),
  kfrags: () => generateKFrags(a, pkB, signer, 2, 3, true, true),
  reencrypt: () => reencrypt(Capsule.fromBytes(capsuleBytes), kfrags[0]),
  verify: () => verify(cfragBytes[1]),
  open: vcfrags => decryptReencrypted(b, pkA, capsule, vcfrags, ciphertext),
  own: () => decryptOriginal(a, Capsule.fromBytes(capsuleBytes), ciphertext),
};

for (const plain of [operations.open(two()), operations.own()])
  if (Buffer.compare(Buffer.from(plain), Buffer.from(message)) !== 0) throw new Error('umbral-pre opened other bytes than were sealed');

for await (const line of createInterface({ input: process.stdin })) {
  const [name, count] = line.split(' ');
  // decryptReencrypted takes its fragments over, so each call needs its own; they are made outside the timing.
  const inputs = name === 'open' ? Array.from({ length: Number(count) }, two) : [];
  const operation = operations[name];
  const start = process.hrtime.bigint();
  for (let i = 0; i < Number(count); i++) operation(inputs[i]);
  console.log(Number(process.hrtime.bigint() - start) / 1e9);
}
