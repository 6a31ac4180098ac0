import type { Catalogue } from '../en'

export const account: Catalogue['account'] = {
  welcome: {
    title: 'Eine Gesundheitsakte, die nur Sie öffnen',
    text: 'Salus verschlüsselt in diesem Browser, bevor irgendetwas ihn verlässt. Lesen können Ihre Akten nur Sie und die Menschen, die Sie auswählen – nicht die Server, die sie aufbewahren.',
    signUp: 'Konto erstellen', logIn: 'Ich habe ein Konto', restore: 'Ich habe nur meinen Ersatzschlüssel',
  },
  mailCode: 'Code senden',
  mailText: 'Sie bekommen einen Code per E-Mail. Unter dieser Adresse finden Sie auch andere, die Ihnen etwas freigeben möchten.',
  code: 'Code aus der E-Mail',
  codeSent: mail => `Wenn die Adresse hier verwendet werden kann, ist ein achtstelliger Code an ${mail} unterwegs. Er gilt zehn Minuten.`,
  codeAgain: 'Neuen Code senden',
  otherMail: 'Andere Adresse verwenden',
  badMail: 'Schreiben Sie sie wie name@example.org.',
  signUp: { title: 'Konto erstellen', mail: 'Ihre E-Mail-Adresse', steps: (at, of) => `Schritt ${at} von ${of}` },
  kind: {
    label: 'Für wen ist dieses Konto?', person: 'Für mich selbst', organisation: 'Für eine Praxis, ein Krankenhaus, ein Labor oder eine andere Einrichtung', name: 'Name der Einrichtung',
    nameText: 'Andere sehen ihn, und der Fingerabdruck schließt ihn ein. Höchstens 80 Zeichen.',
  },
  method: {
    title: 'Womit möchten Sie Salus entsperren?',
    text: 'Zurücksetzen lässt sich das nicht: Was Ihr Konto öffnet, verlässt nie Ihre Geräte.',
    passkey: 'Mit einem Passkey', passkeyText: 'Fingerabdruck, Gesicht oder PIN dieses Geräts, oder ein Sicherheitsschlüssel. Sie müssen sich nichts merken, und niemand kann es Ihnen ablocken.',
    passphrase: 'Mit einer Passphrase', passphraseText: 'Mehrere Wörter, die nur Sie kennen.',
    impossible: 'Dieser Browser kann dafür keine Passkeys erstellen.',
  },
  passphrase: {
    title: 'Passphrase wählen', text: 'Sie brauchen sie bei jedem Entsperren. Niemand kann sie nachsehen oder Ihnen eine neue schicken.', label: 'Passphrase', again: 'Noch einmal dieselbe',
    differs: 'Die beiden Eingaben stimmen nicht überein.', tooShort: 'Mindestens 12 Zeichen.', create: 'Konto erstellen',
  },
  creating: 'Ihre Schlüssel werden erzeugt. Das dauert einige Sekunden.',
  passkey: {
    title: 'Jetzt den Passkey erstellen',
    text: 'Ihr Konto ist angelegt. Als Nächstes fragt Sie der Browser nach Fingerabdruck, Gesicht, PIN oder Sicherheitsschlüssel; damit öffnen Sie es künftig.', make: 'Passkey erstellen',
    instead: 'Lieber eine Passphrase', takePassphrase: 'Diese Passphrase verwenden',
    leave: 'Bis das erledigt ist, öffnet nur der Ersatzschlüssel das Konto: das Blatt, das Sie auf Papier haben.',
  },
  passkeyFailures: {
    cancelled: 'Der Vorgang wurde abgebrochen oder hat zu lange gedauert. Es wurde nichts geändert.',
    unsupported: 'Dieser Passkey kann nicht, was Salus braucht (die PRF-Erweiterung). Nehmen Sie ein anderes Gerät, einen Sicherheitsschlüssel oder eine Passphrase.',
    exists: 'Dieses Gerät hat schon einen Passkey für dieses Konto.',
    failed: 'Das ist dem Browser nicht gelungen. Versuchen Sie es noch einmal, oder nehmen Sie eine Passphrase.',
  },
  kit: {
    title: 'Ihr Ersatzschlüssel',
    text: 'Wenn Ihre Geräte und Ihre Passphrase verloren sind, öffnet dieses Blatt Ihr Konto. Sonst nichts, und niemand kann Ihnen ein neues schicken. Drucken Sie es aus und legen Sie '
      + 'es zu Ihrem Reisepass.',
    once: 'Es wird nur einmal gezeigt und nirgends gespeichert.',
    untilProven: 'Bis Sie sein Ende abgetippt haben, öffnet das alte Blatt das Konto und dieses nicht.',
    print: 'Blatt drucken', printed: 'Ich habe es auf Papier',
    sheetTitle: 'Salus-Ersatzschlüssel', sheetFor: mail => `für das Konto von ${mail}`, made: day => `Erstellt am ${day}`,
    what: 'Was das ist',
    whatText: 'Dieses Blatt öffnet alle Akten des Kontos, ohne Gerät und ohne Passphrase. Das kann auch jeder andere, der es besitzt und die E-Mails der oben genannten Adresse lesen kann.',
    keep: 'So bewahren Sie es auf',
    keepText: 'Auf Papier, bei Ihren wichtigen Unterlagen. Nicht als Foto, nicht in einer E-Mail, nicht in einer Cloud. Ein neueres Blatt macht dieses ungültig.',
    use: 'So verwenden Sie es',
    useText: 'Öffnen Sie Salus, wählen Sie „Ich habe nur meinen Ersatzschlüssel“ und tippen Sie die Gruppen dieses Blatts ab. Groß- und Kleinschreibung, Leerzeichen und Striche spielen keine Rolle.',
    code: 'Ersatzschlüssel', qr: 'Der Ersatzschlüssel als QR-Code',
  },
  prove: {
    title: 'Ist es wirklich auf Papier?', text: 'Tippen Sie die letzten beiden Gruppen vom Blatt ab. So wissen Sie, dass Sie es lesen können.', label: 'Die letzten beiden Gruppen',
    wrong: 'Das sind nicht die letzten beiden Gruppen. Sehen Sie noch einmal auf das Blatt.', back: 'Blatt noch einmal zeigen', done: 'Fertigstellen',
    both: 'Behalten Sie beide Blätter, bis dies gelungen ist: Eines der beiden öffnet das Konto.',
  },
  unlock: {
    title: 'Willkommen zurück', idle: 'Gesperrt nach 15 Minuten ohne Eingabe.', text: mail => `Dieser Browser verwahrt das Konto von ${mail}; es ist gesperrt.`,
    passkey: 'Mit Passkey entsperren', passphrase: 'Entsperren', or: 'oder mit der Passphrase',
    nothing: 'Für dieses Konto ist hier weder ein Passkey noch eine Passphrase eingerichtet. Nur der Ersatzschlüssel öffnet es.',
    kit: 'Passphrase verloren? Mit dem Ersatzschlüssel öffnen', other: 'Anderes Konto in diesem Browser verwenden',
  },
  forget: {
    title: 'Konto in diesem Browser vergessen?',
    text: 'Was dieser Browser verwahrt, wird gelöscht: die versiegelten Schlüssel, was er über Server und Kontakte weiß, und Uploads, die nicht fertig sind. Ihre Akten bleiben, wo sie '
      + 'sind. Zum Zurückkommen brauchen Sie Ihre E-Mails und Ihren Passkey, Ihre Passphrase oder den Ersatzschlüssel. '
      + 'Antwortet die Cloud jetzt nicht, bleibt ihre Sitzung bestehen, bis sie abläuft; jedes andere Ihrer Geräte kann sie beenden.',
    action: 'Vergessen',
  },
  logIn: {
    title: 'Anmelden', text: 'Ein Code per E-Mail zeigt, dass die Adresse Ihnen gehört; Passkey oder Passphrase öffnen die Schlüssel.', passkey: 'Mit Passkey anmelden',
    or: 'oder mit einem Code per E-Mail', action: 'Anmelden',
    again: 'Neu anmelden', againText: 'Die Sitzung bei den Servern ist beendet. Ihre Schlüssel sind in diesem Browser noch geöffnet.',
  },
  restore: {
    title: 'Konto mit dem Ersatzschlüssel öffnen', text: 'Sie brauchen das Blatt und Zugang zu Ihren E-Mails. Danach wählen Sie eine neue Passphrase.', kit: 'Ersatzschlüssel',
    kitText: '16 Gruppen zu vier Zeichen, auf älteren Blättern 14. Groß- und Kleinschreibung, Leerzeichen und Striche spielen keine Rolle.',
    action: 'Konto öffnen', character: 'Ein Zeichen, das in keinem Code vorkommt. Es gibt Ziffern und Buchstaben, aber kein U.', length: n => `Der Code hat 64 Zeichen, ein älterer 56; hier sind es ${n}.`,
  },
}
