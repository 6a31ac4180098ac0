import type { boot as en } from '../en/boot'

export const boot: { [K in keyof typeof en]: (typeof en)[K] extends string ? string : (typeof en)[K] } = {
  language: 'de',
  title: 'Salus startet nicht',
  manifest: 'Die Liste der Dateien dieser Seite ist nicht von denen unterschrieben, die sie gebaut haben.',
  policy: 'Der Server liefert diese Seite ohne die Regeln aus, die sie schützen.',
  changed: file => `Diese Seite ist nicht die, die gebaut wurde. Geändert: ${file}`,
  missing: file => `Ein Teil dieser Seite konnte nicht geladen werden: ${file}`,
  browser: 'Dieser Browser kann keine Unterschriften prüfen (Ed25519), also auch die Seite nicht.',
  newer: 'Bitte einen neueren Browser verwenden: Chrome oder Edge 137, Firefox 129, Safari 17, oder später.',
  todo: 'Es wurde nichts geöffnet und nach keiner Passphrase gefragt. Die Seite neu laden. '
    + 'Bleibt es dabei, hier nichts eingeben: `salus open` auf dem eigenen Rechner verwenden, und dem Betreiber dieses Servers Bescheid geben.',
}
