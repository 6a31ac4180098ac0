import { NativeSelect, Textarea, TextInput } from '@mantine/core'
import { useText } from '../text'
import { noteTypes, type NoteType } from './codes'
import type { Fault, Faults, NoteForm } from './forms'

export interface FieldsProps<F> { form: F, faults: Faults<F>, onChange: (form: F) => void }

/** The message for a field, or nothing. */
export function useErrors<F>(faults: Faults<F>): (field: keyof F) => string | null {
  const { clinician: t } = useText()
  return field => {
    const fault: Fault | undefined = faults[field]
    return fault ? t.faults[fault] : null
  }
}

export function NoteFields({ form, faults, onChange }: FieldsProps<NoteForm>) {
  const { clinician: { note: t } } = useText()
  const error = useErrors(faults)
  return (
    <>
      <NativeSelect
        label={t.type} value={form.type} data={(Object.keys(noteTypes) as NoteType[]).map(type => ({ value: type, label: t.types[type] }))}
        onChange={event => { onChange({ ...form, type: event.currentTarget.value as NoteType }) }}
      />
      <TextInput label={t.title} value={form.title} error={error('title')} required withAsterisk={false} onChange={event => { onChange({ ...form, title: event.currentTarget.value }) }} />
      <Textarea label={t.text} value={form.text} error={error('text')} rows={12} required withAsterisk={false} onChange={event => { onChange({ ...form, text: event.currentTarget.value }) }} />
    </>
  )
}
