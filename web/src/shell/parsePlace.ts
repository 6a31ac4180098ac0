/** `#/add?for=a@b` as its path and what stands behind the first question mark. */
export function parsePlace(hash: string): { path: string, query: string } {
  const text = hash.replace(/^#?\/?/, '')
  const mark = text.indexOf('?')
  return mark < 0 ? { path: `/${text}`, query: '' } : { path: `/${text.slice(0, mark)}`, query: text.slice(mark + 1) }
}
