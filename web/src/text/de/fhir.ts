import type { FieldName } from '../../records/fhir/shapes'
import type { fhir as english } from '../en/fhir'

export const fhir: Omit<typeof english, 'fields'> & { fields: Record<FieldName, string> } = {
  words: {
    yes: 'ja', no: 'nein',
    until: end => `bis ${end}`,
    since: start => `seit ${start}`,
    range: (low, high) => `${low} bis ${high}`,
    atLeast: low => `mindestens ${low}`,
    atMost: high => `höchstens ${high}`,
    codes: {
      active: 'aktiv', inactive: 'nicht aktiv', resolved: 'abgeklungen', remission: 'in Remission', recurrence: 'wiederkehrend', relapse: 'Rückfall', confirmed: 'bestätigt', unconfirmed: 'nicht bestätigt',
      provisional: 'vorläufig', differential: 'Differenzialdiagnose', refuted: 'ausgeschlossen', 'entered-in-error': 'irrtümlich eingetragen', final: 'endgültig', preliminary: 'vorläufig', amended: 'ergänzt',
      corrected: 'berichtigt', registered: 'erfasst', cancelled: 'abgesagt', unknown: 'unbekannt', completed: 'abgeschlossen', stopped: 'abgesetzt', 'on-hold': 'ausgesetzt', draft: 'Entwurf', finished: 'beendet',
      'in-progress': 'läuft', planned: 'geplant', 'not-done': 'nicht durchgeführt', male: 'männlich', female: 'weiblich', other: 'anderes', high: 'hoch', low: 'niedrig', 'unable-to-assess': 'nicht einzuschätzen',
      allergy: 'Allergie', intolerance: 'Unverträglichkeit', food: 'Nahrung', medication: 'Medikament', environment: 'Umwelt', biologic: 'biologisch', mild: 'leicht', moderate: 'mittel', severe: 'schwer',
      order: 'Verordnung', plan: 'Plan', proposal: 'Vorschlag', claim: 'Abrechnung', AMB: 'ambulant', IMP: 'stationär', EMER: 'Notfall', HH: 'Hausbesuch', VR: 'per Video oder Telefon', current: 'gültig',
      superseded: 'ersetzt', home: 'privat', work: 'dienstlich', mobile: 'mobil', phone: 'Telefon', email: 'E-Mail', complete: 'vollständig', queued: 'wartet', error: 'Fehler', partial: 'teilweise',
    },
  },
  types: {
    Patient: 'Angaben zur Person', Condition: 'Erkrankungen', Observation: 'Messwerte und Befunde', MedicationRequest: 'Verordnungen', MedicationStatement: 'Medikamente', MedicationAdministration: 'Verabreichte Medikamente',
    MedicationDispense: 'Abgegebene Medikamente', Medication: 'Arzneimittel', AllergyIntolerance: 'Allergien und Unverträglichkeiten', Immunization: 'Impfungen', Procedure: 'Eingriffe und Maßnahmen',
    Encounter: 'Besuche und Aufenthalte', DiagnosticReport: 'Befundberichte', CarePlan: 'Behandlungspläne', CareTeam: 'Behandlungsteams', Goal: 'Ziele', Claim: 'Abrechnungen', ExplanationOfBenefit: 'Leistungsabrechnungen',
    Coverage: 'Versicherung', DocumentReference: 'Dokumente', Composition: 'Gliederungen von Dokumenten', ImagingStudy: 'Bildgebung', ServiceRequest: 'Überweisungen und Aufträge', Device: 'Geräte',
    Practitioner: 'Fachpersonen', PractitionerRole: 'Funktionen', Organization: 'Einrichtungen', Location: 'Orte', Provenance: 'Herkunft', SupplyDelivery: 'Lieferungen', Media: 'Medien', Specimen: 'Proben',
    QuestionnaireResponse: 'Fragebögen', RelatedPerson: 'Angehörige', Appointment: 'Termine',
  },
  fields: {
    status: 'Stand', verification: 'Sicherheit', severity: 'Schwere', bodySite: 'Körperteil', onset: 'Beginn', ended: 'Ende', recordedBy: 'Erfasst von', note: 'Bemerkung', category: 'Kategorie', value: 'Wert',
    interpretation: 'Bewertung', referenceRange: 'Referenzbereich', when: 'Wann', performedBy: 'Durch', method: 'Verfahren', device: 'Gerät', medication: 'Medikament', dosage: 'Dosierung', intent: 'Art', reason: 'Grund',
    prescribedBy: 'Verordnet von', quantity: 'Menge', refills: 'Wiederholungen', criticality: 'Risiko', reaction: 'Reaktion', vaccine: 'Impfstoff', lot: 'Chargennummer', expires: 'Haltbar bis', site: 'Stelle', route: 'Weg',
    doses: 'Dosis', outcome: 'Ergebnis', complication: 'Komplikation', followUp: 'Nachsorge', class: 'Klasse', type: 'Art', location: 'Ort', hospital: 'Entlassung', result: 'Ergebnisse', conclusion: 'Beurteilung',
    period: 'Zeitraum', addresses: 'Wegen', goal: 'Ziele', activity: 'Maßnahmen', team: 'Team', total: 'Summe', insurer: 'Versicherer', provider: 'Leistungserbringer', insurance: 'Versicherung', diagnosis: 'Diagnose',
    payment: 'Bezahlt', item: 'Posten', use: 'Zweck', author: 'Verfasst von', content: 'Inhalt', format: 'Format', born: 'Geboren', died: 'Gestorben', gender: 'Geschlecht', address: 'Anschrift', contact: 'Kontakt',
    identifier: 'Nummern', maritalStatus: 'Familienstand', language: 'Sprache', doctor: 'Ärztin oder Arzt', emergencyContact: 'Kontaktpersonen', name: 'Name', role: 'Funktion', qualification: 'Qualifikation',
    participant: 'Beteiligte', target: 'Zielwert', series: 'Serien', member: 'Umfasst', relationship: 'Verhältnis', beneficiary: 'Versichert', payor: 'Kostenträger', section: 'Abschnitte', specimen: 'Probe', based: 'Grundlage',
  },
}
