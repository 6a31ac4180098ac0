import type { FieldName } from '../../records/fhir/shapes'

/** Words for what stands in FHIR records. */
export const fhir = {
  words: {
    yes: 'yes', no: 'no',
    until: (end: string) => `until ${end}`,
    since: (start: string) => `since ${start}`,
    range: (low: string, high: string) => `${low} to ${high}`,
    atLeast: (low: string) => `at least ${low}`,
    atMost: (high: string) => `at most ${high}`,
    codes: {
      active: 'active', inactive: 'inactive', resolved: 'resolved', remission: 'in remission', recurrence: 'recurring', relapse: 'relapsed', confirmed: 'confirmed', unconfirmed: 'not confirmed',
      provisional: 'provisional', differential: 'differential', refuted: 'refuted', 'entered-in-error': 'entered by mistake', final: 'final', preliminary: 'preliminary', amended: 'amended',
      corrected: 'corrected', registered: 'registered', cancelled: 'cancelled', unknown: 'unknown', completed: 'completed', stopped: 'stopped', 'on-hold': 'on hold', draft: 'draft', finished: 'finished',
      'in-progress': 'under way', planned: 'planned', 'not-done': 'not done', male: 'male', female: 'female', other: 'other', high: 'high', low: 'low', 'unable-to-assess': 'cannot be assessed',
      allergy: 'allergy', intolerance: 'intolerance', food: 'food', medication: 'medication', environment: 'environment', biologic: 'biologic', mild: 'mild', moderate: 'moderate', severe: 'severe',
      order: 'order', plan: 'plan', proposal: 'proposal', claim: 'claim', AMB: 'outpatient', IMP: 'inpatient', EMER: 'emergency', HH: 'home visit', VR: 'by video or telephone', current: 'current',
      superseded: 'superseded', home: 'home', work: 'work', mobile: 'mobile', phone: 'telephone', email: 'mail', complete: 'complete', queued: 'queued', error: 'error', partial: 'partial',
    } as Record<string, string>,
  },
  types: {
    Patient: 'Personal details', Condition: 'Conditions', Observation: 'Measurements and findings', MedicationRequest: 'Prescriptions', MedicationStatement: 'Medication', MedicationAdministration: 'Medication given',
    MedicationDispense: 'Medication handed out', Medication: 'Medicines', AllergyIntolerance: 'Allergies and intolerances', Immunization: 'Vaccinations', Procedure: 'Procedures', Encounter: 'Visits and stays',
    DiagnosticReport: 'Reports', CarePlan: 'Care plans', CareTeam: 'Care teams', Goal: 'Goals', Claim: 'Claims', ExplanationOfBenefit: 'Statements of benefits', Coverage: 'Insurance', DocumentReference: 'Documents',
    Composition: 'Document outlines', ImagingStudy: 'Imaging', ServiceRequest: 'Referrals and orders', Device: 'Devices', Practitioner: 'Health professionals', PractitionerRole: 'Roles', Organization: 'Organisations',
    Location: 'Places', Provenance: 'Origins', SupplyDelivery: 'Supplies', Media: 'Media', Specimen: 'Samples', QuestionnaireResponse: 'Questionnaires', RelatedPerson: 'Related persons', Appointment: 'Appointments',
  } as Record<string, string>,
  fields: {
    status: 'Status', verification: 'Certainty', severity: 'Severity', bodySite: 'Part of the body', onset: 'Began', ended: 'Ended', recordedBy: 'Recorded by', note: 'Note', category: 'Category', value: 'Value',
    interpretation: 'Interpretation', referenceRange: 'Reference range', when: 'When', performedBy: 'By', method: 'Method', device: 'Device', medication: 'Medication', dosage: 'Dosage', intent: 'Kind', reason: 'Reason',
    prescribedBy: 'Prescribed by', quantity: 'Amount', refills: 'Refills', criticality: 'Risk', reaction: 'Reaction', vaccine: 'Vaccine', lot: 'Lot number', expires: 'Expires', site: 'Site', route: 'Route', doses: 'Dose',
    outcome: 'Outcome', complication: 'Complication', followUp: 'Follow-up', class: 'Class', type: 'Type', location: 'Place', hospital: 'Discharge', result: 'Results', conclusion: 'Conclusion', period: 'Period',
    addresses: 'Because of', goal: 'Goals', activity: 'Activities', team: 'Team', total: 'Total', insurer: 'Insurer', provider: 'Provider', insurance: 'Insurance', diagnosis: 'Diagnosis', payment: 'Paid', item: 'Items',
    use: 'Use', author: 'Author', content: 'Content', format: 'Format', born: 'Born', died: 'Died', gender: 'Gender', address: 'Address', contact: 'Contact', identifier: 'Numbers', maritalStatus: 'Marital status',
    language: 'Language', doctor: 'Doctor', emergencyContact: 'Contact persons', name: 'Name', role: 'Role', qualification: 'Qualification', participant: 'Taking part', target: 'Target', series: 'Series', member: 'Includes',
    relationship: 'Relationship', beneficiary: 'Insured', payor: 'Paid by', section: 'Sections', specimen: 'Sample', based: 'Based on',
  } satisfies Record<FieldName, string>,
}
