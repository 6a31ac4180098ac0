/** `20120815103000-0400` to the day it names, or to the year or month when it says no more. */
export function cdaDate(value: string): string {
  const match = /^(\d{4})(\d{2})?(\d{2})?/.exec(value)
  return match ? [match[1], match[2], match[3]].filter(Boolean).join('-') : ''
}
