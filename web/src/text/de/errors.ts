import type { Catalogue } from '../en'

export const errors: Catalogue['errors'] = {
  alarm: 'Alarm',
  toAlarms: 'Zu den Alarmen',
  toLogin: 'Neu anmelden',
  kinds: {
    cannot: { what: 'Das geht im Moment nicht.', safe: 'Es wurde nichts geändert.', advice: 'Was im Weg steht, sagen die Einzelheiten.' },
    alarm: { what: 'Ein Server hat etwas herausgegeben, das nicht von seinem Urheber stammt.', safe: 'Ihnen wurde nichts Ungeprüftes gezeigt.', advice: '' },
    refused: { what: 'Ein Server hat abgelehnt.', safe: 'Ihre Akten sind unversehrt.', advice: 'Welcher und warum, sagen die Einzelheiten. Versuchen Sie es später noch einmal.' },
    unreachable: { what: 'Ein Server antwortet nicht.', safe: 'Es ist nichts verloren.', advice: 'Prüfen Sie die Verbindung dieses Geräts und versuchen Sie es noch einmal.' },
    locked: { what: 'Salus ist gesperrt.', safe: 'Bis Sie entsperren, kann hier niemand etwas lesen.', advice: 'Entsperren Sie und wiederholen Sie den Schritt.' },
    cancelled: { what: 'Angehalten.', safe: 'Es ist nichts Halbfertiges zurückgeblieben.', advice: '' },
    fault: { what: 'Salus hat einen Fehler gemacht.', safe: 'Ihre Akten sind unversehrt.', advice: 'Versuchen Sie es noch einmal. Bleibt es dabei, laden Sie die Seite neu; die Einzelheiten helfen denen, die Salus betreuen.' },
  },
  alarms: {
    Integrity: {
      what: 'Etwas, das von einem Server kam, stammt so nicht von seinem Urheber.', safe: 'Es wurde verworfen: Nichts davon wurde gezeigt, gespeichert oder verwendet.',
      advice: 'Versuchen Sie es noch einmal. Geschieht es wieder, wenden Sie sich an den Betreiber des Servers, den die Einzelheiten nennen, und verlassen Sie sich bis zur Klärung auf andere Kopien.',
    },
    KeyChanged: {
      what: 'Die Schlüssel einer Person sind nicht die, die dieser Browser kennt.', safe: 'Mit den neuen Schlüsseln wurde nichts geteilt.',
      advice: 'Vielleicht hat sie ein neues Konto, vielleicht gibt sich jemand für sie aus. Fragen Sie telefonisch oder persönlich nach und vergleichen Sie den Fingerabdruck unter „Kontakte“.',
    },
    Rollback: {
      what: 'Ein Server zeigt einen älteren Stand als zuvor.', safe: 'Dieser Browser kennt den neueren und bleibt dabei.',
      advice: 'Versuchen Sie es später noch einmal. Bleibt es so, hat der Server Daten verloren oder verbirgt etwas: Melden Sie es dem Betreiber.',
    },
    Withheld: {
      what: 'Ein Server hält etwas zurück, das da sein muss.', safe: 'Was Sie sehen, ist echt, aber vielleicht nicht alles.',
      advice: 'Verlassen Sie sich bis zur Klärung nicht darauf, dass Listen vollständig sind. Versuchen Sie es später noch einmal und melden Sie es dem Betreiber.',
    },
    Downgrade: {
      what: 'Ein Server hat einen schwächeren Schutz verlangt, als Salus zulässt.', safe: 'Salus hat abgelehnt. Ihre Passphrase und Ihre Schlüssel wurden nicht verwendet.',
      advice: 'Arbeiten Sie mit diesem Server nicht weiter und melden Sie es dem Betreiber.',
    },
  },
  refused: {
    'no-session': { what: 'Ihre Sitzung bei der Cloud ist beendet.', safe: 'Was in diesem Browser liegt, lässt sich weiter öffnen.', advice: 'Melden Sie sich mit einem Code per E-Mail oder mit einem Passkey neu an.' },
    'code-refused': {
      what: 'Der Code wurde nicht angenommen.', safe: 'Es wurde nichts geändert.',
      advice: 'Vielleicht ist er vertippt, schon verwendet, älter als zehn Minuten oder zu oft probiert worden; oder zu der E-Mail-Adresse gibt es kein Konto oder schon eines. Fordern Sie einen neuen Code an.',
    },
    'not-granted': { what: 'Sie haben darauf keinen Zugriff, oder keinen mehr.', safe: 'Es wurde nichts gezeigt.', advice: 'Fragen Sie die Person, der es gehört, wenn Sie es brauchen.' },
    'not-yours': { what: 'Der Server nimmt das von Ihnen nicht an.', safe: 'Es wurde nichts geändert.', advice: 'Laden Sie neu und versuchen Sie es noch einmal, wenn es Ihres ist.' },
    'not-found': { what: 'Das gibt es nicht, oder nicht für Sie.', safe: 'Es wurde nichts geändert.', advice: 'Vielleicht wurde es gelöscht, oder der Zugriff ist beendet.' },
    conflict: { what: 'Etwas anderes war schneller.', safe: 'Es wurde nichts überschrieben.', advice: 'Laden Sie neu und sehen Sie nach, wie es jetzt aussieht.' },
    replayed: { what: 'Das wurde schon einmal beantwortet.', safe: 'Es wurde nicht doppelt ausgeführt.', advice: 'Versuchen Sie es noch einmal.' },
    'clock-skew': { what: 'Die Uhr dieses Geräts geht um mehr als fünf Minuten falsch.', safe: 'Es wurde nichts geändert.', advice: 'Stellen Sie die Uhr und versuchen Sie es noch einmal.' },
    misdirected: { what: 'Die Anfrage hat einen anderen Server erreicht als gedacht.', safe: 'Er hat sie abgelehnt.', advice: 'Versuchen Sie es noch einmal. Bleibt es dabei, melden Sie es denen, die Salus betreiben.' },
    'lock-closed': {
      what: 'Der Code kam zu spät, oder es wurde zu oft ein falscher probiert.', safe: 'Die Schlüssel, die auf ihn gewartet haben, sind gelöscht: Niemand kann sie verwenden.',
      advice: 'Bitten Sie um eine neue Freigabe.',
    },
    'too-large': { what: 'Das ist größer, als der Server annimmt.', safe: 'Es wurde nichts gespeichert.', advice: 'Teilen Sie es auf, oder lassen Sie etwas weg.' },
    'too-many': { what: 'Das wurde in kurzer Zeit zu oft versucht.', safe: 'Es wurde nichts geändert.', advice: 'Warten Sie einige Minuten und versuchen Sie es noch einmal.' },
    'no-space': { what: 'Beim Server ist kein Platz mehr.', safe: 'Was schon gespeichert war, ist da.', advice: 'Löschen Sie, was Sie nicht brauchen, oder fragen Sie den Betreiber.' },
    internal: { what: 'Der Server hat einen Fehler gemacht.', safe: 'Ihre Akten sind unversehrt.', advice: 'Versuchen Sie es nach einer Weile noch einmal.' },
  },
  cannot: {
    'wrong-passphrase': {
      what: 'Die Passphrase stimmt nicht.', safe: 'Es wurde nichts geändert.',
      advice: 'Achten Sie auf Groß- und Kleinschreibung und Leerzeichen. Ist sie verloren, öffnet Ihr Wiederherstellungsblatt das Konto.',
    },
    'wrong-passkey': { what: 'Dieser Passkey öffnet das Konto nicht.', safe: 'Es wurde nichts geändert.', advice: 'Nehmen Sie einen anderen Passkey, die Passphrase oder Ihr Wiederherstellungsblatt.' },
    'weak-passphrase': { what: 'Die Passphrase ist zu kurz.', safe: 'Es wurde nichts geändert.', advice: 'Nehmen Sie mindestens 12 Zeichen, besser fünf Wörter.' },
    'wrong-kit': {
      what: 'Dieser Wiederherstellungscode passt nicht.', safe: 'Es wurde nichts geändert.',
      advice: 'Vergleichen Sie Gruppe für Gruppe. Haben Sie ein neues Blatt erstellt, gilt nur das neueste.',
    },
    'unknown-contact': { what: 'Zu dieser E-Mail-Adresse gibt es kein Konto.', safe: 'Es wurde nichts geteilt.', advice: 'Prüfen Sie die Schreibweise, oder bitten Sie die Person, sich zu registrieren.' },
    'own-address': { what: 'Das ist Ihre eigene Adresse.', safe: 'Es wurde nichts geändert.', advice: '' },
    'wrong-fingerprint': { what: 'Der Fingerabdruck ist nicht der, den die Cloud zeigt.', safe: 'Es wurde nichts bestätigt.', advice: 'Vergleichen Sie ihn noch einmal mit der Person, Ziffer für Ziffer.' },
    'wrong-sequence-key': { what: 'Der Sequenzschlüssel passt nicht zu dieser Akte.', safe: 'Es wurde nichts gezeigt.', advice: 'Geben Sie ihn genau so ein, wie Sie ihn gewählt haben; Groß- und Kleinschreibung zählt.' },
    'too-few-stores': { what: 'Zu wenige Speicher antworten.', safe: 'Was sie verwahren, ist unversehrt.', advice: 'Versuchen Sie es noch einmal, wenn wieder mehr erreichbar sind.' },
  },
  fault: {
    worker: { what: 'Der Teil, der Ihre Schlüssel verwahrt, wurde beendet.', safe: 'Sein Speicher ist gelöscht: Niemand kann etwas lesen. Ihre Akten sind unversehrt.', advice: 'Starten Sie neu.' },
    start: {
      what: 'Salus konnte in diesem Browser nicht starten.', safe: 'Ihre Akten sind unversehrt.',
      advice: 'Privaten Fenstern und alten Browsern fehlt, was Salus braucht. Nehmen Sie ein aktuelles Chrome, Edge, Firefox oder Safari in einem normalen Fenster und starten Sie neu.',
    },
    page: { what: 'Diese Seite hat einen Fehler gemacht.', safe: 'Ihre Akten sind unversehrt.', advice: 'Laden Sie sie neu. Die Einzelheiten helfen denen, die Salus betreuen.' },
  },
}
