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
    fault: {
      what: 'Salus hat einen Fehler gemacht.', safe: 'Ihre Akten sind unversehrt.',
      advice: 'Versuchen Sie es noch einmal. Bleibt es dabei, laden Sie die Seite neu; die Einzelheiten helfen denen, die Salus betreuen.',
    },
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
    Fork: {
      what: 'Ein Server erzählt Ihnen eine andere Geschichte als anderen, oder eine andere als früher.', safe: 'Was Sie früher gesehen haben, ist auf diesem Gerät weiterhin bekannt.',
      advice: 'Geben Sie nichts frei, bis das geklärt ist. Melden Sie es dem Betreiber und sprechen Sie mit den Personen, mit denen Sie teilen.',
    },
    Injected: {
      what: 'In Ihren Daten steht etwas, das weder Sie noch jemand mit Ihrer Erlaubnis hinzugefügt hat.', safe: 'Was Sie selbst hinzugefügt haben, ist unverändert.',
      advice: 'Verlassen Sie sich nicht auf den genannten Eintrag und zeigen Sie ihn niemandem als Ihren. Melden Sie es dem Betreiber.',
    },
    Revived: {
      what: 'Etwas, das Sie gelöscht oder beendet haben, ist wieder da.', safe: 'Ihr Auftrag, es zu löschen oder zu beenden, gilt: Salus zeigt und verwendet es nicht.',
      advice: 'Melden Sie es dem Betreiber: Er hat behalten, was er löschen sollte, oder einen alten Stand eingespielt.',
    },
    Unlogged: {
      what: 'Etwas fehlt im öffentlichen Protokoll, in dem es stehen muss.', safe: 'Salus hat es nicht verwendet.',
      advice: 'Versuchen Sie es in einigen Minuten noch einmal. Kommt der Alarm wieder, melden Sie es dem Betreiber: Ohne Protokoll kann niemand nachprüfen, was geschehen ist.',
    },
  },
  during: {
    'page.check': {
      Integrity: {
        what: 'Eine Seite von Salus, die Ihnen ausgehändigt wurde, ist keine, die ihr Hersteller unterschrieben hat.', safe: 'Salus hat darin nicht weitergearbeitet. Ihre Akten liegen versiegelt bei den Servern, wie zuvor.',
        advice: 'Laden Sie die Seite neu. Hilft das nicht, öffnen Sie Salus von Ihrem eigenen Rechner („salus open“), wählen Sie dort eine neue Passphrase und melden Sie es dem Betreiber der Cloud.',
      },
      Rollback: {
        what: 'Eine Seite von Salus, die Ihnen ausgehändigt wurde, ist eine alte, die nicht mehr verwendet werden darf, weil etwas in ihr als gefährlich erkannt wurde.',
        safe: 'Salus hat darin nicht weitergearbeitet. Ihre Akten liegen versiegelt bei den Servern, wie zuvor.',
        advice: 'Laden Sie die Seite neu. Ist es immer noch die alte, gibt der Server heraus, was er nicht soll: Öffnen Sie Salus von Ihrem eigenen Rechner („salus open“) und melden Sie es dem Betreiber der Cloud.',
      },
      Unlogged: {
        what: 'Eine Seite von Salus, die Ihnen ausgehändigt wurde, steht nicht im öffentlichen Protokoll. Vielleicht wurde sie für Sie allein gemacht.',
        safe: 'Salus hat darin nicht weitergearbeitet. Ihre Akten liegen versiegelt bei den Servern, wie zuvor.',
        advice: 'Laden Sie die Seite neu. Hilft das nicht, öffnen Sie Salus von Ihrem eigenen Rechner („salus open“), wählen Sie dort eine neue Passphrase und melden Sie es dem Betreiber der Cloud.',
      },
    },
    'storage.repair': {
      Integrity: {
        what: 'Eine Akte lässt sich nicht mehr herstellen: Zu viele ihrer Stücke sind bei den Speichern fort oder beschädigt.', safe: 'Ihre anderen Akten sind davon nicht berührt.',
        advice: 'Sehen Sie unter „Verwahrung“, welche Akte es ist. Haben Sie die Datei noch, fügen Sie sie neu hinzu. Melden Sie es den Betreibern der Speicher.',
      },
    },
    'storage.audit': {
      Integrity: {
        what: 'Ein Speicher hat etwas anderes oder etwas Beschädigtes anstelle eines Stücks, das ihm anvertraut wurde.',
        safe: 'Ihre Akten öffnen sich weiterhin von den anderen Speichern, solange genug von ihnen heil sind.',
        advice: 'Sehen Sie unter „Verwahrung“, welcher Speicher es ist, und lassen Sie die verlorenen Stücke dort neu herstellen. Geschieht es wieder, melden Sie es dem Betreiber.',
      },
      Withheld: {
        what: 'Ein Speicher hat ein Stück nicht, das ihm anvertraut wurde.', safe: 'Ihre Akten öffnen sich weiterhin von den anderen Speichern, solange genug von ihnen heil sind.',
        advice: 'Sehen Sie unter „Verwahrung“, welcher Speicher es ist, und lassen Sie die verlorenen Stücke dort neu herstellen. Geschieht es wieder, melden Sie es dem Betreiber.',
      },
    },
  },
  refused: {
    'no-session': {
      what: 'Ihre Sitzung bei der Cloud ist beendet.', safe: 'Was in diesem Browser liegt, lässt sich weiter öffnen.',
      advice: 'Melden Sie sich mit einem Code per E-Mail oder mit einem Passkey neu an.',
    },
    'code-refused': {
      what: 'Der Code wurde nicht angenommen.', safe: 'Es wurde nichts geändert.',
      advice: 'Vielleicht ist er vertippt, schon verwendet, älter als zehn Minuten oder zu oft probiert worden; oder zu der E-Mail-Adresse gibt es kein Konto oder schon eines. Fordern '
        + 'Sie einen neuen Code an.',
    },
    'not-logged': {
      what: 'Ein Server öffnet nichts ohne Eintrag im öffentlichen Protokoll und hat keinen gefunden.', safe: 'Es wurde nichts geöffnet.', advice: 'Versuchen Sie es noch einmal. Bleibt es so, trägt die Cloud nicht ein, was sie sollte: Sagen Sie es dem Betreiber.',
    },
    'not-logged-yet': { what: 'Der Eintrag ins öffentliche Protokoll dauert länger als sonst.', safe: 'Es wurde nichts geöffnet.', advice: 'Versuchen Sie es in einer Minute noch einmal.' },
    'other-tree': { what: 'Die Cloud zeigt einem Server ein anderes Protokoll als zuvor.', safe: 'Dieser Server bestätigt es nicht.', advice: 'Teilen Sie nichts, bis das geklärt ist, und sagen Sie es dem Betreiber der Cloud.' },
    damaged: { what: 'Ein Speicher hat einen Teil eines Stücks verloren.', safe: 'Ihre Akten öffnen sich weiterhin von den anderen Speichern.', advice: 'Sehen Sie unter Verwahrung nach und lassen Sie das Stück dort neu herstellen.' },
    'passkey-refused': {
      what: 'Der Passkey wurde nicht angenommen.', safe: 'Es wurde nichts geändert.',
      advice: 'Vielleicht wurde er entfernt, oder es hat zu lange gedauert. Versuchen Sie es noch einmal, oder melden Sie sich anders an.',
    },
    'study-closed': { what: 'Die Studie nimmt gerade keine Beiträge an.', safe: 'Nichts wurde beigetragen.', advice: 'Sie hat noch nicht begonnen oder ist vorbei.' },
    'claim-ended': { what: 'Die Datei war zu lange unterwegs.', safe: 'Von ihr ist nichts sichtbar, und ihre Teile sind auf diesem Gerät aufgehoben.', advice: 'Fügen Sie die Datei noch einmal hinzu.' },
    'still-referred': { what: 'Ein Speicher behält Bytes, die andere Einträge brauchen.', safe: 'Von ihnen wurde nichts gelöscht.', advice: '' },
    'possession-needed': { what: 'Derselbe Inhalt wird gerade von anderswo gespeichert.', safe: 'Vom Eintrag ist noch nichts sichtbar.', advice: 'Versuchen Sie es noch einmal: Es geht dort weiter, wo es war.' },
    'tokens-used': { what: 'Ihre Marken für diese Studie sind verbraucht.', safe: 'Nichts wurde zweimal beigetragen.', advice: 'Jeder zählt einmal.' },
    withdrawn: { what: 'Dieser Beitrag wurde zurückgezogen.', safe: 'Was zurückgezogen wurde, bleibt es.', advice: '' },
    'peer-away': { what: 'Einer der drei Server nimmt an der Berechnung nicht teil.', safe: 'Nichts wurde beantwortet, und vom Budget ist nichts verbraucht.', advice: 'Die Einzelheiten sagen welcher. Fragen Sie später noch einmal.' },
    cheated: { what: 'Einer der drei Server hat sich nicht an die Regeln gehalten.', safe: 'Die anderen haben es bemerkt und aufgehört. Nichts wurde beantwortet.', advice: 'Die Einzelheiten sagen welcher. Sagen Sie es seinem Betreiber.' },
    'budget-spent': {
      what: 'Das Budget dieser Studie reicht für die Abfrage nicht.', safe: 'Nichts wurde beantwortet.', advice: 'Fragen Sie gröber, oder noch einmal, was schon beantwortet wurde: Das kostet nichts.',
    },
    'not-granted': { what: 'Sie haben darauf keinen Zugriff, oder keinen mehr.', safe: 'Es wurde nichts gezeigt.', advice: 'Fragen Sie die Person, der es gehört, wenn Sie es brauchen.' },
    'not-yours': { what: 'Der Server nimmt das von Ihnen nicht an.', safe: 'Es wurde nichts geändert.', advice: 'Laden Sie neu und versuchen Sie es noch einmal, wenn es Ihres ist.' },
    'not-found': { what: 'Das gibt es nicht, oder nicht für Sie.', safe: 'Es wurde nichts geändert.', advice: 'Vielleicht wurde es gelöscht, oder der Zugriff ist beendet.' },
    conflict: { what: 'Etwas anderes war schneller.', safe: 'Es wurde nichts überschrieben.', advice: 'Laden Sie neu und sehen Sie nach, wie es jetzt aussieht.' },
    replayed: { what: 'Das wurde schon einmal beantwortet.', safe: 'Es wurde nicht doppelt ausgeführt.', advice: 'Versuchen Sie es noch einmal.' },
    'clock-skew': { what: 'Die Uhr dieses Geräts geht um mehr als fünf Minuten falsch.', safe: 'Es wurde nichts geändert.', advice: 'Stellen Sie die Uhr und versuchen Sie es noch einmal.' },
    misdirected: {
      what: 'Die Anfrage hat einen anderen Server erreicht als gedacht.', safe: 'Er hat sie abgelehnt.',
      advice: 'Versuchen Sie es noch einmal. Bleibt es dabei, melden Sie es denen, die Salus betreiben.',
    },
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
    'no-account': { what: 'Dieser Browser verwahrt kein Konto.', safe: 'Es wurde nichts geändert.', advice: 'Erstellen Sie eines, oder melden Sie sich bei einem vorhandenen an.' },
    'already-registered': {
      what: 'Dieser Browser verwahrt schon ein Konto.', safe: 'Es wurde nichts geändert.',
      advice: 'Melden Sie sich dort an, oder lassen Sie diesen Browser es zuerst vergessen.',
    },
    'other-account': {
      what: 'Dieser Browser verwahrt ein anderes Konto.', safe: 'Es wurde nichts geändert.',
      advice: 'Lassen Sie diesen Browser es zuerst vergessen, oder nehmen Sie einen anderen Browser.',
    },
    'damaged-profile': {
      what: 'Was dieser Browser vom Konto verwahrt, ist beschädigt.', safe: 'Das Konto selbst und Ihre Akten sind unversehrt.',
      advice: 'Lassen Sie diesen Browser es vergessen und melden Sie sich neu an.',
    },
    'open-alarm': {
      what: 'Ein Server hat eine andere Vorgeschichte gezeigt als zuvor oder als anderen.', safe: 'Es wurde nichts freigegeben.',
      advice: 'Sehen Sie sich zuerst den Alarm an und bestätigen Sie ihn. Teilen Sie bis zur Klärung nur, was nicht warten kann, und vergleichen Sie die Schlüssel mit der Person.',
    },
    'not-logged-in': {
      what: 'Sie sind bei der Cloud nicht angemeldet.', safe: 'Was in diesem Browser liegt, lässt sich weiter öffnen.',
      advice: 'Melden Sie sich mit einem Code per E-Mail oder mit einem Passkey neu an.',
    },
    'wrong-passphrase': {
      what: 'Die Passphrase stimmt nicht.', safe: 'Es wurde nichts geändert.',
      advice: 'Achten Sie auf Groß- und Kleinschreibung und Leerzeichen. Ist sie verloren, öffnet Ihr Ersatzschlüssel das Konto.',
    },
    'weak-passphrase': { what: 'Die Passphrase ist zu kurz.', safe: 'Es wurde nichts geändert.', advice: 'Nehmen Sie mindestens 12 Zeichen, besser fünf Wörter.' },
    'wrong-passkey': {
      what: 'Dieser Passkey öffnet das Konto nicht.', safe: 'Es wurde nichts geändert.',
      advice: 'Nehmen Sie einen anderen Passkey, die Passphrase oder Ihren Ersatzschlüssel.',
    },
    'bad-name': { what: 'So kann der Name nicht lauten.', safe: 'Es wurde nichts geändert.', advice: 'Nehmen Sie höchstens 64 Zeichen mit einfachen Leerzeichen zwischen den Wörtern.' },
    'bad-passkey': { what: 'Die Antwort des Browsers war kein Passkey von Salus.', safe: 'Es wurde nichts geändert.', advice: 'Versuchen Sie es noch einmal, oder wählen Sie einen anderen Passkey.' },
    'last-way-in': {
      what: 'Ohne diesen Passkey würde nur noch der Ersatzschlüssel das Konto öffnen.', safe: 'Es wurde nichts entfernt.',
      advice: 'Legen Sie zuerst eine Passphrase fest, oder fügen Sie einen anderen Passkey hinzu.',
    },
    'no-device': { what: 'Diese Sitzung ist schon beendet.', safe: 'Es wurde nichts geändert.', advice: 'Laden Sie neu, um zu sehen, welche es gibt.' },
    'no-passkey': { what: 'Diesen Passkey hat das Konto nicht.', safe: 'Es wurde nichts geändert.', advice: 'Laden Sie neu, um zu sehen, welche es gibt.' },
    'no-passphrase': { what: 'Hier öffnet keine Passphrase dieses Konto.', safe: 'Es wurde nichts geändert.', advice: 'Entsperren Sie mit einem Passkey, oder melden Sie sich neu an.' },
    'no-prf': {
      what: 'Dieser Passkey kann nicht enthalten, was das Konto öffnet (die PRF-Erweiterung).', safe: 'Es wurde nichts geändert.',
      advice: 'Nehmen Sie ein anderes Gerät, einen Sicherheitsschlüssel oder eine Passphrase.',
    },
    'wrong-kit': {
      what: 'Dieser Ersatzschlüssel öffnet dieses Konto nicht.', safe: 'Es wurde nichts geändert.',
      advice: 'Nehmen Sie das Blatt zu dieser E-Mail-Adresse. Haben Sie einen neuen erstellt, gilt nur der neueste.',
    },
    'no-kit': {
      what: 'Der neue Ersatzschlüssel lässt sich nicht fertigstellen: Salus wurde inzwischen gesperrt.', safe: 'Eines der beiden Blätter öffnet das Konto, wahrscheinlich das alte.',
      advice: 'Behalten Sie beide, erstellen Sie noch ein neues, und vernichten Sie sie, wenn dieses gilt.',
    },
    'mistyped-kit': { what: 'Im Ersatzschlüssel ist irgendwo ein Tippfehler.', safe: 'Es wurde nichts geändert.', advice: 'Vergleichen Sie ihn Gruppe für Gruppe mit dem Blatt.' },
    'bad-organisation': {
      what: 'So kann eine Einrichtung nicht heißen.', safe: 'Es wurde nichts geändert.',
      advice: 'Nehmen Sie höchstens 80 Zeichen mit einfachen Leerzeichen zwischen den Wörtern.',
    },
    'bad-address': { what: 'Das ist keine E-Mail-Adresse.', safe: 'Es wurde nichts gesendet.', advice: 'Schreiben Sie sie wie name@example.org.' },
    'bad-preferences': { what: 'Ihre Einstellungen konnten nicht gespeichert werden.', safe: 'Die bisherigen gelten weiter.', advice: 'Versuchen Sie es noch einmal.' },
    busy: { what: 'Gerade wird schon etwas gespeichert.', safe: 'Es wurde nichts geändert.', advice: 'Warten Sie, bis das fertig ist, und versuchen Sie es noch einmal.' },
    'no-space': {
      what: 'In diesem Browser ist kein Platz mehr.', safe: 'Was schon gespeichert war, ist unberührt.',
      advice: 'Schaffen Sie Platz auf diesem Gerät, oder erlauben Sie dieser Seite mehr Speicher, und versuchen Sie es noch einmal.',
    },
    'no-file': { what: 'Die Datei lässt sich nicht lesen.', safe: 'Es wurde nichts gespeichert.', advice: 'Wählen Sie sie noch einmal aus; vielleicht wurde sie verschoben oder geändert.' },
    'not-fhir': { what: 'Diese Datei ist kein FHIR-Bundle.', safe: 'Es wurde nichts gespeichert.', advice: 'Fügen Sie sie als gewöhnliche Datei hinzu.' },
    'bad-partition': { what: 'So kann ein Bereich nicht heißen.', safe: 'Es wurde nichts geändert.', advice: 'Nehmen Sie einen kurzen Namen aus Buchstaben und Ziffern.' },
    'no-partition': { what: 'Diesen Bereich gibt es nicht.', safe: 'Es wurde nichts geändert.', advice: 'Wählen Sie einen vorhandenen.' },
    'bad-restore-from': {
      what: 'Mit so vielen Servern ließe sich die Akte nicht sicher wieder zusammensetzen.', safe: 'Es wurde nichts gespeichert.',
      advice: 'Wählen Sie eine andere Zahl.',
    },
    'too-many-words': { what: 'Der Name und die Wörter sind zusammen zu lang.', safe: 'Es wurde nichts gesendet.', advice: 'Kürzen Sie sie.' },
    'keyword-needed': {
      what: 'Was andere finden sollen, braucht ein Wort, über das man es findet.', safe: 'Es wurde nichts gesendet.',
      advice: 'Fügen Sie ein Wort hinzu, oder lassen Sie es nicht auffindbar sein.',
    },
    'not-yours': { what: 'Die Akte gehört jemand anderem.', safe: 'Es wurde nichts geändert.', advice: 'Das kann nur die Person, der sie gehört.' },
    'no-study': { what: 'Diese Studie gibt es nicht, oder nicht mehr.', safe: 'Nichts wurde beigetragen.', advice: 'Sehen Sie die Liste der offenen Studien an.' },
    'bad-study': { what: 'So lässt sich keine Studie erklären.', safe: 'Nichts wurde signiert.', advice: 'Die Einzelheiten sagen, was daran falsch ist und wo.' },
    'study-closed': { what: 'Die Studie nimmt gerade keine Beiträge an.', safe: 'Nichts wurde beigetragen.', advice: 'Sie hat noch nicht begonnen oder ist vorbei.' },
    'own-study': { what: 'Sie führen oder hüten diese Studie selbst.', safe: 'Nichts wurde beigetragen.', advice: 'Beitragen tun andere.' },
    'already-joined': { what: 'Sie nehmen schon teil.', safe: 'Ihr Beitrag bleibt, wie er ist.', advice: 'Jeder zählt einmal. Sie können ihn zurückziehen.' },
    'released-before': { what: 'Diese Studie wurde schon herausgegeben.', safe: 'Nichts wurde geschrieben und nichts geteilt.', advice: 'Eine Studie wird einmal herausgegeben: der Unterschied zweier Herausgaben zeigte, wer kam oder ging.' },
    'was-withdrawn': { what: 'Sie haben sich aus dieser Studie zurückgezogen.', safe: 'Nichts wurde beigetragen.', advice: 'Das gilt für immer.' },
    'tokens-used': {
      what: 'Ihre Marken für diese Studie sind verbraucht.', safe: 'Nichts wurde zweimal beigetragen.',
      advice: 'Jeder zählt einmal: Wer sich zurückgezogen oder einen Versuch verloren hat, kann nicht noch einmal beitragen.',
    },
    'nothing-to-contribute': { what: 'Ihre Akten enthalten nichts, worum diese Studie bittet.', safe: 'Nichts wurde beigetragen.', advice: 'Importieren Sie zuerst Gesundheitsdaten (FHIR).' },
    'nothing-to-withdraw': { what: 'Zu dieser Studie gibt es keinen Beitrag von Ihnen.', safe: 'Nichts wurde geändert.', advice: '' },
    'too-large-to-contribute': { what: 'Ihre Akten sind größer, als dieses Gerät auf einmal vorbereiten kann.', safe: 'Nichts wurde beigetragen.', advice: 'Versuchen Sie es auf einem größeren Gerät.' },
    'bad-series': { what: 'Das passt nicht zu dieser Reihe.', safe: 'Nichts wurde hinzugefügt.', advice: 'Die Einzelheiten sagen, was anders ist. Geben Sie einen anderen Namen an.' },
    'no-series': { what: 'Diese Reihe gibt es nicht, oder sie wird nicht mehr mit Ihnen geteilt.', safe: 'Nichts wurde geändert.', advice: 'Sehen Sie die Liste der Messwerte an.' },
    'bad-reading': { what: 'In der Datei steht etwas, das kein Messwert ist.', safe: 'Nichts davon wurde hinzugefügt.', advice: 'Die Einzelheiten nennen die Zeile. Bessern Sie sie aus und fügen Sie die Datei noch einmal hinzu.' },
    'not-permitted': { what: 'Das dürfen Sie nicht, oder nicht mehr.', safe: 'Es wurde nichts gesendet.', advice: 'Bitten Sie die Person, der es gehört, um Erlaubnis.' },
    'not-lost': { what: 'Dieser Eintrag ist nicht verloren.', safe: 'Es wurde nichts geändert.', advice: 'Löschen Sie ihn, dann gehen auch seine Teile.' },
    'not-stored': {
      what: 'Zu wenige Server haben die Akte angenommen, um sie sicher aufzubewahren.', safe: 'Noch ist nichts davon sichtbar; das Verschlüsselte liegt in diesem Browser bereit.',
      advice: 'Setzen Sie den Upload fort, wenn die Server wieder da sind.',
    },
    'claim-ended': { what: 'Die Datei war zu lange unterwegs.', safe: 'Von ihr ist nichts sichtbar, und ihre Teile sind auf diesem Gerät aufgehoben.', advice: 'Fügen Sie die Datei noch einmal hinzu.' },
    'moved-on': {
      what: 'Der Bereich hat neue Schlüssel bekommen, während die Akte unterwegs war.', safe: 'Es wurde nichts gespeichert.',
      advice: 'Fügen Sie sie noch einmal hinzu; sie wird neu verschlüsselt.',
    },
    'no-resource': { what: 'Diesen Eintrag enthält die Akte nicht.', safe: 'Es wurde nichts geändert.', advice: 'Gehen Sie zurück zur Akte und wählen Sie einen aus.' },
    'no-import': { what: 'Es wurde noch nichts importiert.', safe: 'Es wurde nichts geändert.', advice: 'Fügen Sie zuerst ein FHIR-Bundle hinzu.' },
    'several-imports': { what: 'Es gibt mehrere Importe.', safe: 'Es wurde nichts geändert.', advice: 'Wählen Sie einen davon aus.' },
    'sequence-key-needed': {
      what: 'Diese Akte lässt sich nur mit ihrem Sequenzschlüssel öffnen.', safe: 'Es wurde nichts gezeigt.',
      advice: 'Geben Sie den Sequenzschlüssel ein, mit dem sie gespeichert wurde.',
    },
    'sequence-key-wrong': {
      what: 'Der Sequenzschlüssel passt nicht zu dieser Akte.', safe: 'Es wurde nichts gezeigt.',
      advice: 'Geben Sie ihn genau so ein, wie Sie ihn gewählt haben; Groß- und Kleinschreibung zählt.',
    },
    'sequence-key-unfit': { what: 'Dieser Text kann kein Sequenzschlüssel sein.', safe: 'Es wurde nichts gespeichert.', advice: 'Der Hinweis beim Eingabefeld sagt, woran es liegt.' },
    'bad-query': { what: 'Die Suche ist nicht zu verstehen.', safe: 'Es wurde kein Server gefragt.', advice: 'Prüfen Sie Anführungszeichen und Klammern.' },
    'unknown-owner': {
      what: 'Unter dieser Adresse teilt niemand Akten mit Ihnen.', safe: 'Es wurde kein Server gefragt.',
      advice: 'Lassen Sie die Person weg, oder bitten Sie sie um eine Freigabe.',
    },
    'unknown-source': {
      what: 'Niemand mit diesem Namen trägt zu diesen Akten bei.', safe: 'Es wurde kein Server gefragt.',
      advice: 'Lassen Sie die Quelle weg, oder nehmen Sie einen Namen, der bei den Akten steht.',
    },
    'unknown-contact': {
      what: 'Zu dieser E-Mail-Adresse gibt es kein Konto.', safe: 'Es wurde nichts geteilt.',
      advice: 'Prüfen Sie die Schreibweise, oder bitten Sie die Person, sich zu registrieren.',
    },
    'own-address': { what: 'Das ist Ihre eigene Adresse.', safe: 'Es wurde nichts geändert.', advice: '' },
    'no-proposal': {
      what: 'Was Ihnen gezeigt wurde, gilt nicht mehr: Es wurde schon bestätigt, oder Salus war zwischendurch gesperrt.', safe: 'Es wurde nichts geteilt.',
      advice: 'Fangen Sie noch einmal an.',
    },
    'other-fingerprint': {
      what: 'Der Fingerabdruck ist nicht der, den die Cloud zeigt.', safe: 'Es wurde nichts bestätigt.',
      advice: 'Vergleichen Sie ihn noch einmal mit der Person, Ziffer für Ziffer.',
    },
    'bad-dates': { what: 'Das Ende liegt vor dem Anfang.', safe: 'Es wurde nichts geteilt.', advice: 'Wählen Sie ein späteres Ende.' },
    'no-grant': { what: 'Diese Freigabe gibt es nicht.', safe: 'Es wurde nichts geändert.', advice: 'Laden Sie neu; vielleicht ist sie beendet.' },
    'already-revoked': { what: 'Diese Freigabe ist schon beendet.', safe: 'Es wurde nichts geändert.', advice: '' },
    'too-few-trustees': {
      what: 'Zu wenige Treuhänder antworten.', safe: 'Es wurde nichts geteilt.',
      advice: 'Versuchen Sie es noch einmal, wenn mindestens zwei der drei wieder erreichbar sind.',
    },
    'maybe-shared': {
      what: 'Weder die Cloud noch zwei Treuhänder haben gesagt, was daraus geworden ist.', safe: 'Bis zwei Treuhänder antworten, kann die Freigabe gelten.',
      advice: 'Sperren Sie Salus und öffnen Sie es wieder, wenn die Server zurück sind: Dann beendet es, was begonnen wurde.',
    },
    'bad-number': { what: 'Das ist keine Telefonnummer.', safe: 'Es wurde nichts geändert.', advice: 'Schreiben Sie sie mit Landesvorwahl, zum Beispiel +49 151 23456789.' },
    'number-taken': {
      what: 'Diese Nummer hat schon ein anderes Konto eingetragen.', safe: 'Es wurde nichts geändert.',
      advice: 'Nummern werden nicht durch einen Anruf geprüft. Ist es Ihre, melden Sie es denen, die dieses Salus betreiben.',
    },
    'bad-keyword': { what: 'Nach diesen Wörtern lässt sich nicht fragen.', safe: 'Es wurde nichts gesendet.', advice: 'Nennen Sie wenige einzelne Wörter.' },
    'bad-reason': {
      what: 'Die Begründung fehlt oder ist zu lang.', safe: 'Es wurde nichts gesendet.',
      advice: 'Schreiben Sie in wenigen Sätzen, warum Sie fragen; die Person, der die Akten gehören, liest es.',
    },
    'nothing-found': {
      what: 'Über diese Nummer und alle diese Wörter ist nichts zu finden.', safe: 'Es wurde niemand gefragt. Ob die Nummer oder ein Wort unbekannt ist, erfährt niemand.',
      advice: 'Versuchen Sie weniger oder andere Wörter.',
    },
    'no-request': { what: 'Diese Anfrage gibt es nicht.', safe: 'Es wurde nichts geändert.', advice: 'Laden Sie neu; vielleicht ist sie vorbei.' },
    'request-over': { what: 'Die Anfrage ist vorbei oder schon beantwortet.', safe: 'Es wurde nichts geteilt.', advice: 'Sie kann neu gestellt werden.' },
    'request-unopened': { what: 'Die Anfrage ließ sich nicht öffnen.', safe: 'Es wurde nichts geteilt.', advice: 'Lehnen Sie sie ab und bitten Sie um eine neue.' },
    'answered-otherwise': {
      what: 'Die Anfrage wurde schon anders beantwortet.', safe: 'Die erste Antwort gilt.',
      advice: 'Sie finden sie unter „Freigaben“; beenden Sie sie dort, wenn Sie es anders möchten.',
    },
    'nothing-to-claim': { what: 'Keine Ihrer Anfragen wartet auf einen Code.', safe: 'Es wurde nichts geändert.', advice: 'Sehen Sie bei Ihren Anfragen nach.' },
    'several-to-claim': { what: 'Mehrere Anfragen warten auf einen Code.', safe: 'Es wurde nichts geändert.', advice: 'Wählen Sie die aus, zu der der Code gehört.' },
    'bad-code': { what: 'Das ist kein Code.', safe: 'Es wurde nichts geändert.', advice: 'Er hat zehn Zeichen, Ziffern und Buchstaben.' },
    'wrong-code': {
      what: 'Der Code ist falsch oder abgelaufen.', safe: 'Es wurde nichts geöffnet.',
      advice: 'Prüfen Sie ihn noch einmal. Nach zu vielen Versuchen muss neu freigegeben werden.',
    },
  },
  fault: {
    worker: { what: 'Der Teil, der Ihre Schlüssel verwahrt, wurde beendet.', safe: 'Sein Speicher ist gelöscht: Niemand kann etwas lesen. Ihre Akten sind unversehrt.', advice: 'Starten Sie neu.' },
    start: {
      what: 'Salus konnte in diesem Browser nicht starten.', safe: 'Ihre Akten sind unversehrt.',
      advice: 'Privaten Fenstern und alten Browsern fehlt, was Salus braucht. Nehmen Sie ein aktuelles Chrome, Edge, Firefox oder Safari in einem normalen Fenster und starten Sie neu.',
    },
    page: { what: 'Diese Seite hat einen Fehler gemacht.', safe: 'Ihre Akten sind unversehrt.', advice: 'Laden Sie die Seite neu. Die Einzelheiten helfen denen, die Salus betreuen.' },
  },
}
