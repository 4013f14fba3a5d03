import assert from 'node:assert/strict'
import crypto from 'node:crypto'
import test from 'node:test'
import { isWeak, verifyEd25519 } from '../dist/core/index.js'
import { keyFromSeed, newKey, sign } from './keys.mjs'

const fromHex = (text) => new Uint8Array(Buffer.from(text, 'hex'))
const verify = (key, message, signature) => verifyEd25519(new Uint8Array(key), new Uint8Array(message), new Uint8Array(signature))

// RFC 8032, section 7.1: secret, public, message, signature.
const rfc = [
  ['9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60', 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a', '',
    'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b'],
  ['4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb', '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c', '72',
    '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00'],
  ['c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7', 'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025', 'af82',
    '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a'],
  ['833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42', 'ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf',
    'ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f',
    'dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704'],
]

test('the vectors of RFC 8032', () => {
  for (const [secret, key, message, signature] of rfc) {
    assert.equal(keyFromSeed(Buffer.from(secret, 'hex')).bytes.toString('hex'), key)
    assert.ok(verifyEd25519(fromHex(key), fromHex(message), fromHex(signature)))
    for (let bit = 0; bit < 512; bit += 37) {
      const other = fromHex(signature)
      other[bit >> 3] ^= 1 << (bit & 7)
      assert.ok(!verifyEd25519(fromHex(key), fromHex(message), other), `bit ${bit}`)
    }
  }
})

test('what node signs verifies, what it does not does not', () => {
  const L = 2n ** 252n + 27742317777372353535851937790883648493n
  for (let n = 0; n < 150; n++) {
    const key = newKey()
    const message = crypto.randomBytes([0, 1, 63, 64, 111, 112, 127, 128, 1000, 8192][n % 10])
    const signature = sign(key, message)
    assert.ok(verify(key.bytes, message, signature))
    const other = Buffer.from(signature)
    other[crypto.randomInt(64)] ^= 1 << crypto.randomInt(8)
    const judge = (s) => crypto.verify(null, message, crypto.createPublicKey(key.secret), s)
    assert.equal(verify(key.bytes, message, other), judge(other))
    // S + L, of which other verifiers say yes
    let s = BigInt('0x' + Buffer.from(signature.subarray(32)).reverse().toString('hex')) + L
    const tail = Buffer.alloc(32)
    for (let i = 0; i < 32; i++, s >>= 8n) tail[i] = Number(s & 255n)
    assert.ok(!verify(key.bytes, message, Buffer.concat([signature.subarray(0, 32), tail])))
    if (message.length > 0) {
      const changed = Buffer.from(message)
      changed[crypto.randomInt(message.length)] ^= 1
      assert.ok(!verify(key.bytes, changed, signature))
    }
    assert.ok(!verify(newKey().bytes, message, signature))
  }
})

test('other lengths are refused, not thrown', () => {
  const key = newKey()
  const message = Buffer.from('x')
  const signature = sign(key, message)
  for (const k of [Buffer.alloc(0), key.bytes.subarray(1), Buffer.concat([key.bytes, Buffer.alloc(1)])]) assert.equal(verify(k, message, signature), false)
  for (const s of [Buffer.alloc(0), signature.subarray(1), Buffer.concat([signature, Buffer.alloc(1)])]) assert.equal(verify(key.bytes, message, s), false)
})

test('points of small order are weak keys, with and without the sign bit', () => {
  const p = 2n ** 255n - 19n
  const d = (-121665n * power(121666n, p - 2n, p)) % p
  let weak = 0
  const point = (y) => {
    const bytes = Buffer.alloc(32)
    for (let i = 0, rest = y; i < 32; i++, rest >>= 8n) bytes[i] = Number(rest & 255n)
    return bytes
  }
  for (const hex of ['00'.repeat(32), '01' + '00'.repeat(31), '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
    'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a', 'ec' + 'ff'.repeat(30) + '7f', 'ed' + 'ff'.repeat(30) + '7f', 'ee' + 'ff'.repeat(30) + '7f']) {
    const key = Buffer.from(hex, 'hex')
    assert.ok(isWeak(new Uint8Array(key)))
    key[31] |= 0x80
    assert.ok(isWeak(new Uint8Array(key)))
    weak++
  }
  // the curve itself says which they are: doubled three times they are the identity
  const y8 = BigInt('0x' + Buffer.from('26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05', 'hex').reverse().toString('hex'))
  const doubleY = (y) => {
    // x^2 = (y^2 - 1) / (d y^2 + 1); y of 2P = (y^2 + x^2) / (1 - d x^2 y^2)
    const yy = (y * y) % p
    const xx = ((((yy - 1n) * power(d * yy + 1n, p - 2n, p)) % p) + p) % p
    return ((((yy + xx) * power(1n - d * xx * yy, p - 2n, p)) % p) + p) % p
  }
  for (const y of [0n, 1n, p - 1n, y8, p - y8]) {
    assert.equal(doubleY(doubleY(doubleY(y))), 1n)
    assert.ok(isWeak(new Uint8Array(point(y))))
    assert.ok(y + p >= 2n ** 255n || isWeak(new Uint8Array(point(y + p))))
  }
  assert.equal(weak, 7)
  for (let n = 0; n < 50; n++) assert.ok(!isWeak(new Uint8Array(newKey().bytes)))
})

function power(base, exponent, modulus) {
  let result = 1n
  for (base = ((base % modulus) + modulus) % modulus; exponent > 0n; exponent >>= 1n, base = (base * base) % modulus) {
    if (exponent & 1n) result = (result * base) % modulus
  }
  return result
}
