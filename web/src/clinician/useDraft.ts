import { useState } from 'react'
import { useFormat, useText } from '../text'
import { noteTypes } from './codes'
import { noteResource, prescriptionResource, resultResource, type Frame, type Resource, type Result } from './fhir'
import { faultsOfNote, faultsOfPrescription, faultsOfResult, prescriptionOf, resultOf, type NoteForm, type PrescriptionForm, type ResultForm } from './forms'
import { groupingOf } from './json'

export type Kind = 'note' | 'result' | 'prescription'
export const kinds: readonly Kind[] = ['note', 'result', 'prescription']

/** Where each kind goes unless it cannot (docs/architecture.md: partitions by resource type). */
export const usualPartition: Record<Kind, string> = { note: 'medical', result: 'medical', prescription: 'prescription' }

const localNow = (): string => {
  const now = new Date()
  return new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}

const emptyNote: NoteForm = { type: 'progress', title: '', text: '' }
const emptyResult = (): ResultForm => ({
  category: 'laboratory', name: '', loinc: '', display: '', value: '', unit: '', ucum: '', low: '', high: '', interpretation: 'range', taken: localNow(), comment: '',
})
const emptyPrescription: PrescriptionForm = {
  medication: '', system: 'none', code: '', amount: '', unit: '', frequency: '', period: '1', periodUnit: 'd', asNeeded: false, days: '',
  dosage: '', quantity: '', quantityUnit: '', repeats: '', reason: '',
}

/** What is being written, of each kind, and what is wrong with it. */
export function useDraft(kind: Kind) {
  const { clinician: t } = useText()
  const { locale } = useFormat()
  const grouping = groupingOf(locale)
  const [note, setNote] = useState(emptyNote)
  const [result, setResult] = useState(emptyResult)
  const [prescription, setPrescription] = useState(emptyPrescription)
  const faults = { note: faultsOfNote(note), result: faultsOfResult(result, grouping, new Date()), prescription: faultsOfPrescription(prescription, grouping) }

  const inWords = (measured: Result): Result => ({
    ...measured, words: { category: t.result.categories[measured.category], interpretation: measured.interpretation ? t.result.interpretations[measured.interpretation] : '' },
  })

  /** The resource to be signed; only when nothing is wrong. */
  const resource = (frame: Frame): Resource =>
    kind === 'note' ? noteResource(frame, { type: { ...noteTypes[note.type], text: t.note.types[note.type] }, title: note.title.trim(), text: note.text.trim() })
    : kind === 'result' ? resultResource(frame, inWords(resultOf(result, grouping)))
    : prescriptionResource(frame, prescriptionOf(prescription, grouping))

  const title = { note: note.title, result: result.name, prescription: prescription.medication }[kind].trim()
  const clear = () => {
    setNote(emptyNote)
    setResult(emptyResult())
    setPrescription(emptyPrescription)
  }
  return { note, setNote, result, setResult, prescription, setPrescription, faults, isFaultless: Object.keys(faults[kind]).length === 0, resource, title, clear }
}
