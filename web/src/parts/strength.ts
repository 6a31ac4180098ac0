export type Strength = 'none' | 'short' | 'fair' | 'good'

/** Characters of a passphrase at least: the core refuses shorter ones too. */
const shortest = 12

/**
 * A hint and no promise: length and words, nothing is looked up. Words of a phrase count when they differ and have three letters or more; five of them or twenty characters are good.
 */
export function strengthOf(passphrase: string): Strength {
  const length = [...passphrase.trim()].length
  if (length === 0) return 'none'
  const different = new Set(passphrase.toLowerCase()).size
  if (length < shortest || different < 5) return 'short'
  const words = new Set(passphrase.toLowerCase().split(/[\s\-_.,]+/).filter(word => [...word].length >= 3))
  return words.size >= 5 || (length >= 20 && different >= 8) ? 'good' : 'fair'
}
