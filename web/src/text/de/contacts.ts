import type { Catalogue } from '../en'

export const contacts: Catalogue['contacts'] = {
  title: 'Kontakte',
  text: 'Menschen und Einrichtungen, denen Sie etwas freigeben oder die Ihnen etwas freigeben. Vergleichen Sie die Fingerabdrücke einmal; danach kann sich niemand mehr für sie ausgeben.',
  add: 'Über die E-Mail-Adresse hinzufügen',
  addAction: 'Nachsehen',
  none: 'Noch keine Kontakte',
  noneText: 'Suchen Sie jemanden über die E-Mail-Adresse und vergleichen Sie gemeinsam den Fingerabdruck.',
  list: 'Diesem Browser bekannt',
  compare: 'Vergleichen',
  compareOf: who => `Fingerabdruck von ${who} vergleichen`,
  look: 'Fingerabdruck',
  fingerprintOf: who => `Fingerabdruck von ${who}`,
  how: 'Rufen Sie unter einer Nummer an, die Sie kennen, oder treffen Sie sich. Den eigenen Fingerabdruck findet jeder unter „Einstellungen“. Vergleichen Sie alle zwölf Gruppen, oder '
    + 'scannen Sie gegenseitig den QR-Code.',
  same: 'Sie stimmen überein',
  differ: 'Sie sind verschieden',
  differText: 'Dann ist das nicht der Schlüssel der Person, mit der Sie gesprochen haben. Geben Sie dieser Adresse nichts frei und melden Sie es dem Betreiber der Cloud.',
  verified: 'Sie haben diesen Fingerabdruck verglichen.',
  again: 'Noch einmal nachsehen',
  unchanged: 'Die Cloud zeigt dieselben Schlüssel wie bisher.',
  changed: 'Neuen Schlüssel ansehen',
  changedTitle: who => `Neuer Schlüssel von ${who}`,
  changedText: 'Entweder hat die Person ein neues Konto, oder jemand gibt sich für sie aus. Das kann nur sie selbst Ihnen sagen. Fragen Sie nicht per E-Mail: Wer den Schlüssel hat, hat '
    + 'vielleicht auch das Postfach.',
  before: 'Bisher bekannt',
  now: 'Das zeigt die Cloud jetzt',
  asked: 'Ich habe mit der Person gesprochen, und sie hat mir diese Ziffern vorgelesen.',
  accept: 'Neuen Schlüssel übernehmen',
  keep: 'Alten behalten',
}
