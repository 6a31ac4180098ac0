// The policy that the page must have come with. A host that loosens it is found out before anything runs.

const required: Record<string, string> = {
  'default-src': "'none'",
  'style-src': "'self'",
  'worker-src': "'self'",
  'base-uri': "'none'",
  'form-action': "'none'",
  'frame-ancestors': "'none'",
  'require-trusted-types-for': "'script'",
  'trusted-types': 'salus',
}

/** The scripts whose hashes stand in the import map of a document, by path. */
export function importMap(document: Uint8Array): { paths: ReadonlySet<string>, text: string } {
  const text = /<script type="importmap">([^<]*)<\/script>/.exec(new TextDecoder().decode(document))?.[1] ?? '{}'
  const { integrity = {} } = JSON.parse(text) as { integrity?: Record<string, string> }
  return { paths: new Set(Object.keys(integrity).map(path => path.replace(/^\.\//, ''))), text }
}

/** Whether a Content-Security-Policy holds the page to what it was built for. `map` is the hash of its import map, the only script that stands in the document itself. */
export function isStrict(policy: string | null, map: string): boolean {
  // Several policies hold together; a directive that is there twice counts once, as the first.
  return (policy ?? '').split(',').some(one => {
    const directives = new Map<string, string>()
    for (const text of one.split(';')) {
      const [name = '', ...values] = text.trim().split(/\s+/)
      if (!directives.has(name)) directives.set(name, values.join(' '))
    }
    return directives.get('script-src') === `'self' 'wasm-unsafe-eval' 'sha256-${map}'`
      && Object.entries(required).every(([name, value]) => directives.get(name) === value)
      && isClosed(directives.get('connect-src'))
      && [...directives.keys()].every(name => !name.startsWith('script-src-') && !name.startsWith('style-src-'))
  })
}

/** The page itself and servers by their names. */
const isClosed = (connect: string | undefined) =>
  connect !== undefined && connect.split(' ').every(source => source === "'self'" || /^https?:\/\/[A-Za-z0-9.-]+(:\d+)?$|^https?:\/\/\[[0-9a-f:]+\](:\d+)?$/.test(source))
