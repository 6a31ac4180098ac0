import type { Catalogue } from '../en'

export const organisation: Catalogue['organisation'] = {
  intro: 'Sie schreiben in die Akten von Patientinnen und Patienten, die es erlauben, und lesen, was für Sie freigegeben ist.',
  sent: 'Gesendet, seit Sie entsperrt haben',
  sentHint: 'Diese Liste steht nur im Arbeitsspeicher: Was Sie gesendet haben, gehört den Patientinnen und Patienten, und ohne Erlaubnis zu lesen können Sie es später nicht mehr auflisten.',
  noneSent: 'Seit dem Entsperren nichts gesendet.',
  to: 'für {patient}',
  sentAt: time => `gesendet ${time}`,
  missing: names => `noch unterwegs zu ${names}`,
}
