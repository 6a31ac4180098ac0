/** A fingerprint in groups of five digits as it is read aloud, or null when the text is none: 60 digits, blanks do not matter. */
export function groupsOf(fingerprint: string): string[] | null {
  const digits = fingerprint.replace(/\s/g, '')
  return /^\d{60}$/.test(digits) ? digits.match(/\d{5}/g) : null
}
