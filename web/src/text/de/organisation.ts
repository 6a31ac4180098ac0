import type { Catalogue } from '../en'

export const organisation: Catalogue['organisation'] = {
  title: name => name,
  intro: 'Sie schreiben in die Akten von Patientinnen und Patienten, die es erlauben, und lesen, was für Sie freigegeben ist.',
  sent: 'Gesendet, seit Sie entsperrt haben',
  sentHint: 'Diese Liste steht nur im Arbeitsspeicher: Was Sie gesendet haben, gehört den Patientinnen und Patienten, und Sie können es später nicht mehr auflisten.',
  noneSent: 'Seit dem Entsperren nichts gesendet.',
  to: 'für {patient}',
  sentAt: time => `gesendet ${time}`,
  missing: names => `noch unterwegs zu ${names}`,
  file: 'Datei senden',
  fileOf: name => `Eine Datei an ${name} senden`,
  fileTitle: 'Eine Datei an {patient} senden',
  fileWhat: 'Ein Brief, ein Bild, ein Bericht: eine Datei für eine Person. Sie wird mit deren Schlüssel versiegelt, bevor sie diesen Browser verlässt.',
  choose: 'Datei wählen',
  fhir: 'Das ist FHIR: Es wird nach seinen Teilen abgelegt.',
  send: 'Versiegeln und senden',
  sending: 'Wird versiegelt und gesendet …',
  done: 'Gesendet. Dort ist zu sehen, dass es ankommt.',
  fileMissing: 'Wählen Sie eine Datei.',
}
