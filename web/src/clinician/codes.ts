import type { Unit } from './fhir'

// Short lists to choose from; whatever is not in them is typed. Codes and displays are LOINC's, units UCUM's.

export interface CommonResult { loinc: string, display: string, de: string, category: 'laboratory' | 'vital-signs', unit: Unit }

const laboratory = (loinc: string, display: string, de: string, ucum: string, text = ucum): CommonResult => ({ loinc, display, de, category: 'laboratory', unit: { text, ucum } })
const vital = (loinc: string, display: string, de: string, ucum: string, text = ucum): CommonResult => ({ loinc, display, de, category: 'vital-signs', unit: { text, ucum } })

export const commonResults: readonly CommonResult[] = [
  laboratory('4548-4', 'Hemoglobin A1c/Hemoglobin.total in Blood', 'Hämoglobin A1c', '%'),
  laboratory('59261-8', 'Hemoglobin A1c/Hemoglobin.total in Blood by IFCC protocol', 'Hämoglobin A1c (IFCC)', 'mmol/mol'),
  laboratory('2345-7', 'Glucose [Mass/volume] in Serum or Plasma', 'Glukose im Serum (Masse)', 'mg/dL'),
  laboratory('14749-6', 'Glucose [Moles/volume] in Serum or Plasma', 'Glukose im Serum (Stoffmenge)', 'mmol/L'),
  laboratory('718-7', 'Hemoglobin [Mass/volume] in Blood', 'Hämoglobin', 'g/dL'),
  laboratory('4544-3', 'Hematocrit [Volume Fraction] of Blood by Automated count', 'Hämatokrit', '%'),
  laboratory('6690-2', 'Leukocytes [#/volume] in Blood by Automated count', 'Leukozyten', '10*3/uL', '10³/µL'),
  laboratory('789-8', 'Erythrocytes [#/volume] in Blood by Automated count', 'Erythrozyten', '10*6/uL', '10⁶/µL'),
  laboratory('777-3', 'Platelets [#/volume] in Blood by Automated count', 'Thrombozyten', '10*3/uL', '10³/µL'),
  laboratory('2160-0', 'Creatinine [Mass/volume] in Serum or Plasma', 'Kreatinin im Serum (Masse)', 'mg/dL'),
  laboratory('14682-9', 'Creatinine [Moles/volume] in Serum or Plasma', 'Kreatinin im Serum (Stoffmenge)', 'umol/L', 'µmol/L'),
  laboratory('2951-2', 'Sodium [Moles/volume] in Serum or Plasma', 'Natrium', 'mmol/L'),
  laboratory('2823-3', 'Potassium [Moles/volume] in Serum or Plasma', 'Kalium', 'mmol/L'),
  laboratory('2093-3', 'Cholesterol [Mass/volume] in Serum or Plasma', 'Cholesterin gesamt', 'mg/dL'),
  laboratory('2085-9', 'Cholesterol in HDL [Mass/volume] in Serum or Plasma', 'HDL-Cholesterin', 'mg/dL'),
  laboratory('13457-7', 'Cholesterol in LDL [Mass/volume] in Serum or Plasma by calculation', 'LDL-Cholesterin (berechnet)', 'mg/dL'),
  laboratory('2571-8', 'Triglyceride [Mass/volume] in Serum or Plasma', 'Triglyzeride', 'mg/dL'),
  laboratory('1742-6', 'Alanine aminotransferase [Enzymatic activity/volume] in Serum or Plasma', 'ALT (GPT)', 'U/L'),
  laboratory('1920-8', 'Aspartate aminotransferase [Enzymatic activity/volume] in Serum or Plasma', 'AST (GOT)', 'U/L'),
  laboratory('1988-5', 'C reactive protein [Mass/volume] in Serum or Plasma', 'C-reaktives Protein', 'mg/L'),
  laboratory('3016-3', 'Thyrotropin [Units/volume] in Serum or Plasma', 'TSH', 'm[IU]/L', 'mIU/L'),
  vital('8867-4', 'Heart rate', 'Herzfrequenz', '/min'),
  vital('9279-1', 'Respiratory rate', 'Atemfrequenz', '/min'),
  vital('8310-5', 'Body temperature', 'Körpertemperatur', 'Cel', '°C'),
  vital('2708-6', 'Oxygen saturation in Arterial blood', 'Sauerstoffsättigung', '%'),
  vital('29463-7', 'Body weight', 'Körpergewicht', 'kg'),
  vital('8302-2', 'Body height', 'Körpergröße', 'cm'),
]

/** Clinical notes of US Core, by LOINC; their names are texts of the page. */
export const noteTypes = {
  progress: { code: '11506-3', display: 'Progress note' },
  consult: { code: '11488-4', display: 'Consult note' },
  discharge: { code: '18842-5', display: 'Discharge summary' },
  history: { code: '34117-2', display: 'History and physical note' },
  procedure: { code: '28570-0', display: 'Procedure note' },
  referral: { code: '57133-1', display: 'Referral note' },
} as const

export type NoteType = keyof typeof noteTypes

/** Digits, a hyphen and the check digit (Luhn's, modulo 10): a mistyped code is told from another one. */
export function isLoinc(code: string): boolean {
  const parts = /^(\d{1,7})-(\d)$/.exec(code)
  if (!parts) return false
  let sum = 0
  for (const [i, digit] of [...parts[1]!].reverse().entries()) {
    const doubled = Number(digit) * (i % 2 === 0 ? 2 : 1)
    sum += doubled > 9 ? doubled - 9 : doubled
  }
  return (10 - sum % 10) % 10 === Number(parts[2])
}
