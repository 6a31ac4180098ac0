import { isFields, type Fields } from '../records/fhir/json'
import { say, sayConcept, sayDate, sayName, type Speaker } from '../records/fhir/say'
import { valuesAt } from '../records/fhir/summary'
import type { Line, Section } from './card'

const codesOf = (resource: Fields, path: string): string[] => valuesAt(resource, `${path}.coding.code`).filter(code => typeof code === 'string')

/** ABO and Rh in one, ABO, Rh. */
const bloodCodes = new Set(['882-1', '883-9', '10331-7'])

/** What FHIR resources hold that may stand on a card, newest first; nothing of it is chosen. What is over, refuted or a mistake is left out. */
export function candidatesOf(resources: Fields[], speaker: Speaker): Line[] {
  const found: (Line & { date: string })[] = []
  const add = (section: Section, text: string, resource: Fields) => {
    const date = ['onsetDateTime', 'recordedDate', 'authoredOn', 'effectiveDateTime'].flatMap(path => valuesAt(resource, path)).find(value => typeof value === 'string') ?? ''
    if (text && !found.some(line => line.section === section && line.text === text)) found.push({ section, text, date })
  }
  for (const resource of resources) {
    const over = codesOf(resource, 'clinicalStatus').some(code => ['inactive', 'resolved', 'remission'].includes(code))
      || codesOf(resource, 'verificationStatus').some(code => ['refuted', 'entered-in-error'].includes(code))
    switch (resource.resourceType) {
      case 'Patient':
        add('name', sayName(valuesAt(resource, 'name')[0]), resource)
        add('born', sayDate(resource.birthDate, speaker), resource)
        for (const contact of valuesAt(resource, 'contact').filter(isFields)) {
          const phone = valuesAt(contact, 'telecom').filter(isFields).find(one => one.system === 'phone')
          add('contact', [sayName(contact.name), say(contact.relationship, speaker), typeof phone?.value === 'string' ? phone.value : ''].filter(Boolean).join(', '), resource)
        }
        break
      case 'AllergyIntolerance': {
        if (over) break
        const reactions = valuesAt(resource, 'reaction.manifestation').map(one => sayConcept(one, speaker.words)).filter(Boolean)
        const name = sayConcept(resource.code, speaker.words)
        add('allergy', name && reactions.length ? `${name} (${[...new Set(reactions)].slice(0, 3).join(', ')})` : name, resource)
        break
      }
      case 'Condition':
        if (!over) add('condition', sayConcept(resource.code, speaker.words), resource)
        break
      case 'MedicationRequest':
      case 'MedicationStatement': {
        if (resource.status !== 'active') break
        const dose = valuesAt(resource, resource.resourceType === 'MedicationRequest' ? 'dosageInstruction' : 'dosage').map(one => say(one, speaker)).find(Boolean)
        add('medication', [valuesAt(resource, 'medication[x]').map(one => say(one, speaker)).find(Boolean) ?? '', dose ?? ''].filter(Boolean).join(', '), resource)
        break
      }
      case 'Observation':
        if (codesOf(resource, 'code').some(code => bloodCodes.has(code)) && resource.status !== 'entered-in-error') add('blood', valuesAt(resource, 'value[x]').map(one => say(one,
          speaker)).find(Boolean) ?? '', resource)
    }
  }
  return found.sort((a, b) => (a.date < b.date ? 1 : a.date > b.date ? -1 : 0)).map(({ section, text }) => ({ section, text }))
}
