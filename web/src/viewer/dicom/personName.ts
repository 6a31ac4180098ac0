/** `Doe^Jane^^Dr.` as it is said; of several writings the first. */
export function personName(value: string): string {
  const [family, given, middle, prefix, suffix] = (value.split('=').find(Boolean) ?? '').split('^')
  return [prefix, given, middle, family, suffix].filter(Boolean).join(' ')
}
