import type { Catalogue } from '../en'

export const settings: Catalogue['settings'] = {
  title: 'Einstellungen',
  identity: { title: 'Sie', text: 'Andere vergleichen diesen Fingerabdruck mit Ihnen, am Telefon oder persönlich, bevor sie Ihren Schlüsseln vertrauen.', yours: 'Ihr Fingerabdruck' },
  look: { title: 'Sprache und Darstellung' },
  passkeys: {
    title: 'Passkeys', text: 'Jeder davon öffnet Ihr Konto. Einer auf einem zweiten Gerät ist eine gute Reserve.', add: 'Passkey hinzufügen', name: 'Name',
    nameText: 'Damit Sie ihn in dieser Liste wiedererkennen.',
    added: day => `hinzugefügt am ${day}`, none: 'Noch kein Passkey.', remove: name => `${name} entfernen`,
    removeTitle: 'Diesen Passkey entfernen?',
    removeText: name => `„${name}“ öffnet Ihr Konto dann nicht mehr. Stellen Sie sicher, dass Sie noch einen anderen Passkey, Ihre Passphrase oder Ihren Ersatzschlüssel haben.`,
  },
  passphrase: {
    title: 'Passphrase', text: 'Eine neue ersetzt die alte auf allen Geräten. Ihre Akten müssen dafür nicht neu verschlüsselt werden.', change: 'Neue Passphrase wählen',
    action: 'Passphrase speichern',
    done: 'Die neue Passphrase gilt ab sofort.',
  },
  kit: {
    title: 'Ersatzschlüssel', text: 'Das Blatt, das Ihr Konto öffnet, wenn alles andere verloren ist. Ein neues macht das alte ungültig.', renew: 'Neues Blatt erstellen',
    renewTitle: 'Neuen Ersatzschlüssel erstellen?',
    renewText: 'Das Blatt, das Sie jetzt haben, gilt, bis Sie das Ende des neuen abgetippt haben. Halten Sie einen Drucker oder einen Stift bereit: Das neue wird nur einmal gezeigt.',
    done: 'Das neue Blatt gilt. Vernichten Sie das alte.',
  },
  devices: {
    title: 'Wo Sie angemeldet sind', text: 'Sitzungen bei den Servern. Was ein Gerät schon geöffnet hat, wird ihm durch das Beenden nicht genommen.', unnamed: 'Gerät ohne Namen', here: 'dieses Gerät',
    seen: time => `zuletzt gesehen ${time}`, since: day => `seit ${day}`, end: 'Beenden', endOf: name => `Sitzung von ${name} beenden`,
    endTitle: 'Diese Sitzung beenden?', endText: 'Das Gerät muss sich neu anmelden, um die Server zu erreichen.',
  },
  phone: {
    title: 'Über die Telefonnummer gefunden werden',
    text: 'Wer Sie behandelt und Ihre Nummer kennt, kann dann erfahren, ob Akten von Ihnen ein bestimmtes Wort tragen, etwa eine Diagnose – aber nur Wörter, die Sie selbst auffindbar '
      + 'gemacht haben – und Sie um Zugriff bitten. Akten bekommt dadurch niemand zu sehen. Die Nummer selbst wird nirgends lesbar gespeichert: Drei Treuhänder wandeln sie in einen '
      + 'Wert um, der sich nicht zurückrechnen lässt.',
    none: 'Sie sind über keine Nummer auffindbar.', number: 'Telefonnummer', numberText: 'Mit Landesvorwahl, zum Beispiel +49 151 23456789.', set: 'Über diese Nummer auffindbar sein',
    change: 'Andere Nummer verwenden',
    remove: 'Nicht mehr auffindbar sein', found: n => (n === 1 ? '1 Akte ist auffindbar.' : `${n} Akten sind auffindbar.`), words: 'Über diese Wörter:',
    noWords: 'Noch keine Akte trägt Wörter, über die sie gefunden wird.',
    removeTitle: 'Nicht mehr auffindbar sein?', removeText: 'Die Einträge zu Ihrer Nummer werden gelöscht. Freigaben, die Sie erteilt haben, bleiben.',
  },
  leave: {
    title: 'Abmelden', text: 'Sperren nimmt die Schlüssel aus dem Speicher. Abmelden beendet zusätzlich die Sitzung bei den Servern; das versiegelte Konto bleibt in diesem Browser.',
    logout: 'Abmelden',
    everywhere: 'Auf allen Geräten abmelden', everywhereTitle: 'Auf allen Geräten abmelden?', everywhereText: 'Alle Sitzungen enden, auch diese. Jedes Gerät muss sich neu anmelden.',
    forget: 'Konto in diesem Browser vergessen',
  },
  about: {
    log: 'Im öffentlichen Protokoll',
    standing: {
      newest: 'Ja, wie alle es sehen. Es gibt keine neuere.', older: 'Ja. Es gibt eine neuere Seite: Laden Sie sie neu, sobald sie ausgegeben wird.',
      development: 'Nein: ein Entwicklungsstand, von dem das Protokoll nichts weiß.', own: 'Nein: Die Cloud stellt eine andere bereit. Diese wurde auf Ihrem eigenen Rechner geprüft.',
      outdated: 'Die Cloud sagt, dass eine neuere an ihre Stelle tritt und diese nicht mehr zu verwenden ist. Sie wurde auf Ihrem eigenen Rechner geprüft: Bringen Sie Ihr Salus auf den neuesten Stand.',
    },
    title: 'Über diese Seite', version: 'Version', page: 'Fingerabdruck dieser Seite', unknown: 'nicht bekannt', cloud: 'Cloud',
    development: '(ein Entwicklungsstand, signiert von dem, der ihn gebaut hat)',
    fromCloud: 'Diese Seite kommt von der Cloud',
    fromCloudText: 'Ihr Code stammt bei jedem Laden vom Betreiber der Cloud: Sie vertrauen darauf, dass es das echte Salus ist. Wenn Sie das nicht möchten, installieren Sie Salus und '
      + 'starten es mit „salus open“; dieselbe Seite kommt dann von Ihrem eigenen Gerät.',
    fromClient: 'Diese Seite kommt von Ihrem eigenen Gerät',
    fromClientText: 'Das installierte Salus hat sie geliefert („salus open“). Die Cloud kann Ihnen keinen anderen Code unterschieben.',
  },
}
