// The one error of this package: a text from outside is not what it has to be.

/** Why a text is refused. The list is closed and the codes are stable. */
export const refusals = [
  'size', // envelope, payload or chain beyond its limit
  'grammar', // the envelope is not in its one spelling, or not of its shape
  'base64',
  'signatures', // their number, order or length
  'type', // another payload type
  'unknown-key', // signed by a key that is not in the set
  'role', // signed by a key that may not sign this
  'signature', // does not verify
  'chain', // the key statements do not lead on from the trusted set
  'statement', // a key statement says something impossible
  'newer', // written by a newer wgtup: it needs what this version does not know
  'document', // the payload is no channel document
  'app', // for another app
  'channel', // for another channel
  'epoch', // of another epoch than the keys that signed it
  'pin', // a public key of the app's own configuration
] as const

export type Refusal = (typeof refusals)[number]

export class Refused extends Error {
  constructor(
    readonly code: Refusal,
    readonly detail: string,
  ) {
    super(code + ': ' + detail)
    this.name = 'Refused'
  }
}
