// What is told of each type of resource, in this order. A name ending with [x] stands for the one choice that is there (`onset[x]`: onsetDateTime, onsetAge, …).

export type FieldName =
  | 'status' | 'verification' | 'severity' | 'bodySite' | 'onset' | 'ended' | 'recordedBy' | 'note' | 'category' | 'value' | 'interpretation' | 'referenceRange' | 'when' | 'performedBy'
  | 'method' | 'device' | 'medication' | 'dosage' | 'intent' | 'reason' | 'prescribedBy' | 'quantity' | 'refills' | 'criticality' | 'reaction' | 'vaccine' | 'lot' | 'expires' | 'site' | 'route'
  | 'doses' | 'outcome' | 'complication' | 'followUp' | 'class' | 'type' | 'location' | 'hospital' | 'result' | 'conclusion' | 'period' | 'addresses' | 'goal' | 'activity' | 'team' | 'total'
  | 'insurer' | 'provider' | 'insurance' | 'diagnosis' | 'payment' | 'item' | 'use' | 'author' | 'content' | 'format' | 'born' | 'died' | 'gender' | 'address' | 'contact' | 'identifier'
  | 'maritalStatus' | 'language' | 'doctor' | 'emergencyContact' | 'name' | 'role' | 'qualification' | 'participant' | 'target' | 'series' | 'member' | 'relationship' | 'beneficiary' | 'payor'
  | 'section' | 'specimen' | 'based'

export interface Shape {
  title: string[]
  date: string[]
  facts: [FieldName, string][]
  /** What makes a short line under the title. */
  brief?: string[]
}

const requested: Shape['facts'] = [
  ['status', 'status'], ['intent', 'intent'], ['category', 'category'], ['dosage', 'dosageInstruction'], ['dosage', 'dosage'], ['reason', 'reasonCode'], ['reason', 'reasonReference'],
  ['prescribedBy', 'requester'],
  ['quantity', 'dispenseRequest.quantity'], ['refills', 'dispenseRequest.numberOfRepeatsAllowed'], ['note', 'note'],
]

export const shapes: Record<string, Shape> = {
  Patient: {
    title: ['name'], date: [],
    facts: [['born', 'birthDate'], ['died', 'deceased[x]'], ['gender', 'gender'], ['address', 'address'], ['contact', 'telecom'], ['maritalStatus', 'maritalStatus'],
      ['language', 'communication.language'],
      ['doctor', 'generalPractitioner'], ['emergencyContact', 'contact'], ['identifier', 'identifier']],
    brief: ['birthDate', 'gender'],
  },
  Condition: {
    title: ['code'], date: ['onset[x]', 'recordedDate'],
    facts: [['status', 'clinicalStatus'], ['verification', 'verificationStatus'], ['category', 'category'], ['severity', 'severity'], ['bodySite', 'bodySite'], ['onset', 'onset[x]'],
      ['ended', 'abatement[x]'],
      ['recordedBy', 'recorder'], ['recordedBy', 'asserter'], ['note', 'note']],
    brief: ['clinicalStatus', 'severity'],
  },
  Observation: {
    title: ['code'], date: ['effective[x]', 'issued'],
    facts: [['value', 'value[x]'], ['interpretation', 'interpretation'], ['referenceRange', 'referenceRange'], ['status', 'status'], ['category', 'category'], ['when', 'effective[x]'],
      ['bodySite', 'bodySite'],
      ['method', 'method'], ['performedBy', 'performer'], ['device', 'device'], ['specimen', 'specimen'], ['note', 'note'], ['member', 'hasMember']],
    brief: ['value[x]', 'component'],
  },
  MedicationRequest: { title: ['medication[x]'], date: ['authoredOn'], facts: requested, brief: ['status', 'dosageInstruction'] },
  MedicationStatement: { title: ['medication[x]'], date: ['effective[x]', 'dateAsserted'], facts: [['when', 'effective[x]'], ...requested], brief: ['status', 'dosage'] },
  MedicationAdministration: { title: ['medication[x]'], date: ['effective[x]'], facts: [['when', 'effective[x]'], ['performedBy', 'performer.actor'], ...requested], brief: ['status'] },
  MedicationDispense: { title: ['medication[x]'], date: ['whenHandedOver', 'whenPrepared'], facts: [['quantity', 'quantity'], ['performedBy', 'performer.actor'], ...requested], brief: ['status'] },
  Medication: { title: ['code'], date: [], facts: [['status', 'status'], ['type', 'form'], ['item', 'ingredient.item[x]']] },
  AllergyIntolerance: {
    title: ['code', 'reaction.substance'], date: ['onset[x]', 'recordedDate'],
    facts: [['status', 'clinicalStatus'], ['verification', 'verificationStatus'], ['type', 'type'], ['category', 'category'], ['criticality', 'criticality'],
      ['reaction', 'reaction.manifestation'], ['severity', 'reaction.severity'],
      ['onset', 'onset[x]'], ['recordedBy', 'recorder'], ['note', 'note']],
    brief: ['criticality', 'reaction.manifestation'],
  },
  Immunization: {
    title: ['vaccineCode'], date: ['occurrence[x]', 'date'],
    facts: [['status', 'status'], ['when', 'occurrence[x]'], ['lot', 'lotNumber'], ['expires', 'expirationDate'], ['site', 'site'], ['route', 'route'], ['quantity', 'doseQuantity'],
      ['doses', 'protocolApplied.doseNumber[x]'],
      ['performedBy', 'performer.actor'], ['location', 'location'], ['reaction', 'reaction'], ['note', 'note']],
    brief: ['status'],
  },
  Procedure: {
    title: ['code'], date: ['performed[x]'],
    facts: [['status', 'status'], ['when', 'performed[x]'], ['category', 'category'], ['reason', 'reasonCode'], ['reason', 'reasonReference'], ['bodySite', 'bodySite'], ['outcome', 'outcome'],
      ['complication', 'complication'],
      ['followUp', 'followUp'], ['performedBy', 'performer.actor'], ['location', 'location'], ['note', 'note']],
    brief: ['status', 'reasonCode'],
  },
  Encounter: {
    title: ['type', 'class'], date: ['period.start'],
    facts: [['status', 'status'], ['class', 'class'], ['period', 'period'], ['reason', 'reasonCode'], ['diagnosis', 'diagnosis.condition'], ['participant', 'participant.individual'],
      ['location', 'location.location'],
      ['provider', 'serviceProvider'], ['hospital', 'hospitalization.dischargeDisposition']],
    brief: ['reasonCode', 'serviceProvider'],
  },
  DiagnosticReport: {
    title: ['code'], date: ['effective[x]', 'issued'],
    facts: [['status', 'status'], ['category', 'category'], ['when', 'effective[x]'], ['performedBy', 'performer'], ['result', 'result'], ['conclusion', 'conclusion'],
      ['diagnosis', 'conclusionCode'], ['content', 'presentedForm']],
    brief: ['conclusion', 'category'],
  },
  CarePlan: {
    title: ['title', 'category'], date: ['period.start', 'created'],
    facts: [['status', 'status'], ['intent', 'intent'], ['category', 'category'], ['period', 'period'], ['addresses', 'addresses'], ['goal', 'goal'], ['activity', 'activity.detail'],
      ['team', 'careTeam'], ['note', 'note']],
    brief: ['status', 'category'],
  },
  CareTeam: { title: ['name', 'reasonCode'], date: ['period.start'], facts: [['status', 'status'], ['period', 'period'], ['participant', 'participant.member'], ['reason', 'reasonCode'],
    ['provider', 'managingOrganization']], brief: ['status'] },
  Goal: { title: ['description'], date: ['start[x]'], facts: [['status', 'lifecycleStatus'], ['outcome', 'achievementStatus'], ['target', 'target'], ['addresses', 'addresses'], ['note', 'note']],
    brief: ['lifecycleStatus'] },
  Claim: {
    title: ['type', 'item.productOrService'], date: ['billablePeriod.start', 'created'],
    facts: [['status', 'status'], ['use', 'use'], ['total', 'total'], ['period', 'billablePeriod'], ['provider', 'provider'], ['insurer', 'insurer'], ['insurance', 'insurance.coverage'],
      ['diagnosis', 'diagnosis.diagnosis[x]'],
      ['medication', 'prescription']],
    brief: ['total', 'provider'],
  },
  ExplanationOfBenefit: {
    title: ['type'], date: ['billablePeriod.start', 'created'],
    facts: [['status', 'status'], ['outcome', 'outcome'], ['use', 'use'], ['total', 'total.amount'], ['payment', 'payment.amount'], ['period', 'billablePeriod'], ['provider', 'provider'],
      ['insurer', 'insurer'],
      ['insurance', 'insurance.coverage'], ['diagnosis', 'diagnosis.diagnosis[x]']],
    brief: ['payment.amount', 'provider'],
  },
  Coverage: { title: ['type', 'payor'], date: ['period.start'], facts: [['status', 'status'], ['payor', 'payor'], ['beneficiary', 'beneficiary'], ['relationship', 'relationship'],
    ['period', 'period'], ['identifier', 'subscriberId'], ['class', 'class']] },
  DocumentReference: {
    title: ['description', 'type', 'content.attachment.title'], date: ['date', 'context.period.start'],
    facts: [['status', 'status'], ['type', 'type'], ['category', 'category'], ['author', 'author'], ['provider', 'custodian'], ['period', 'context.period'], ['content', 'content.attachment']],
    brief: ['type', 'author'],
  },
  Composition: { title: ['title', 'type'], date: ['date'], facts: [['status', 'status'], ['type', 'type'], ['author', 'author'], ['provider', 'custodian'], ['section', 'section.title']] },
  ImagingStudy: {
    title: ['description', 'procedureCode', 'modality', 'series.modality'], date: ['started'],
    facts: [['status', 'status'], ['type', 'modality'], ['series', 'series.modality'], ['bodySite', 'series.bodySite'], ['reason', 'reasonCode'], ['location', 'location'], ['note', 'note']],
  },
  ServiceRequest: { title: ['code'], date: ['authoredOn', 'occurrence[x]'], facts: [['when', 'occurrence[x]'], ['performedBy', 'performer'], ...requested], brief: ['status'] },
  Device: { title: ['deviceName.name', 'type'], date: ['manufactureDate'], facts: [['status', 'status'], ['type', 'type'], ['lot', 'lotNumber'], ['expires', 'expirationDate'],
    ['identifier', 'serialNumber']] },
  Practitioner: { title: ['name'], date: [], facts: [['gender', 'gender'], ['qualification', 'qualification.code'], ['address', 'address'], ['contact', 'telecom'], ['identifier', 'identifier']] },
  PractitionerRole: { title: ['practitioner', 'specialty'], date: [], facts: [['role', 'code'], ['qualification', 'specialty'], ['provider', 'organization'], ['location', 'location'],
    ['contact', 'telecom']] },
  Organization: { title: ['name'], date: [], facts: [['type', 'type'], ['address', 'address'], ['contact', 'telecom'], ['identifier', 'identifier']] },
  Location: { title: ['name'], date: [], facts: [['status', 'status'], ['type', 'type'], ['address', 'address'], ['contact', 'telecom'], ['provider', 'managingOrganization']] },
}
