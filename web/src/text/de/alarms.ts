import type { Catalogue } from '../en'

export const alarms: Catalogue['alarms'] = {
  title: 'Alarme',
  text: 'Salus prüft alles, was ein Server herausgibt. Was nicht stimmt, wird verworfen und steht hier.',
  open: 'Neu',
  seen: 'Gesehen',
  none: 'Keine Alarme',
  noneText: 'Alles, was bisher herausgegeben wurde, war so, wie es sein soll.',
  noneOpen: 'Nichts Neues.',
  names: {
    Integrity: 'Nicht echt', KeyChanged: 'Geänderter Schlüssel', Rollback: 'Älter als zuvor', Withheld: 'Etwas fehlt', Downgrade: 'Geschwächter Schutz',
    Fork: 'Zwei Fassungen der Geschichte', Injected: 'Untergeschoben', Revived: 'Gelöschtes ist wieder da', Unlogged: 'Nicht im Protokoll',
  },
  ofPage: 'Eine Seite, der nicht zu trauen ist',
  severity: { serious: 'Ernst', watch: 'Im Auge behalten' },
  what: 'Was', safe: 'Was sicher ist', advice: 'Was zu tun ist', during: 'Dabei geschehen',
  acknowledge: 'Habe ich gesehen',
  acknowledgeOf: name => `Habe ich gesehen: ${name}`,
  blocked: 'Es wird nichts freigegeben, bis Sie einen Alarm angesehen haben',
  blockedText: 'Ein Server hat Ihnen eine andere Vorgeschichte gezeigt als zuvor oder als anderen. Davon können auch die Schlüssel betroffen sein, mit denen Sie teilen.',
  toAlarms: 'Zu den Alarmen',
  toContacts: 'Zu den Kontakten',
  toStorage: 'Zur Verwahrung',
  operations: {
    read: 'Öffnen einer Akte', list: 'Auflisten der Akten', shared: 'Auflisten fremder Akten', find: 'Suche', put: 'Hinzufügen einer Akte', import: 'Hinzufügen eines Bündels',
    export: 'Ausfuhr', resume: 'Fortsetzen von Uploads',
    holdings: 'Nachsehen, was Server verwahren', grants: 'Auflisten der Freigaben', revoke: 'Beenden einer Freigabe', requests: 'Auflisten der Anfragen', start: 'Start',
    claim: 'Vorzeigen eines Codes', index: 'Durchsuchbarmachen',
    'contacts.resolve': 'Nachsehen eines Kontakts', 'share.propose': 'Vorbereiten einer Freigabe', 'share.confirm': 'Freigabe', 'access.history': 'Prüfen, wer was geöffnet hat', 'storage.audit': 'Prüfen der Speicher',
    'storage.repair': 'Herstellen verlorener Stücke',
    'page.check': 'Prüfen der Seite', 'login.complete': 'Anmeldung', unlock: 'Entsperren',
  },
}
