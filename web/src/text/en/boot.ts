// Loaded before anything else is verified, so in no catalogue: the page's boot holds its own words.
export const boot = {
  language: 'en',
  title: 'Salus does not start',
  manifest: 'The list of files that this page came with was not signed by the people who built it.',
  policy: 'The server hands this page out without the rules that protect it.',
  changed: (file: string) => `This page is not the one that was built. Changed: ${file}`,
  missing: (file: string) => `A part of this page could not be loaded: ${file}`,
  browser: 'This browser cannot check signatures (Ed25519), so it cannot check the page.',
  newer: 'Use a newer browser: Chrome or Edge 137, Firefox 129, Safari 17, or later.',
  todo: 'Nothing was opened, and no passphrase was asked for. Load the page again. If this stays, enter nothing here: use `salus open` on your own machine, and tell whoever runs this server.',
}
