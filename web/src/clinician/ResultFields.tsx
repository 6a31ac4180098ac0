import { NativeSelect, Textarea, TextInput } from '@mantine/core'
import { useFormat, useText } from '../text'
import classes from './clinician.module.css'
import { commonResults, type CommonResult } from './codes'
import type { Interpretation } from './fhir'
import type { ResultForm } from './forms'
import { useErrors, type FieldsProps } from './NoteFields'

const interpretations: readonly Interpretation[] = ['N', 'L', 'H', 'LL', 'HH', 'A', 'POS', 'NEG']

/** A measured value. A common one fills in name, code and unit; everything can be typed. */
export function ResultFields({ form, faults, onChange }: FieldsProps<ResultForm>) {
  const { clinician: { result: t } } = useText()
  const { locale } = useFormat()
  const error = useErrors(faults)
  const change = (over: Partial<ResultForm>) => { onChange({ ...form, ...over }) }
  const nameOf = (common: CommonResult) => (locale.startsWith('de') ? common.de : common.display)
  const pick = (loinc: string) => {
    const common = commonResults.find(one => one.loinc === loinc)
    change(common
      ? { loinc, display: common.display, name: nameOf(common), unit: common.unit.text, ucum: common.unit.ucum ?? '', category: common.category }
      : { loinc: '', display: '', name: '', unit: '', ucum: '' })
  }
  const listed = commonResults.some(common => common.loinc === form.loinc)
  const options = (category: ResultForm['category']) => ({
    group: t.categories[category], items: commonResults.filter(common => common.category === category).map(common => ({ value: common.loinc, label: `${nameOf(common)} (${common.unit.text})` })),
  })
  return (
    <>
      <NativeSelect
        label={t.pick} value={listed ? form.loinc : ''} data={[{ value: '', label: t.pickNone }, options('laboratory'), options('vital-signs')]} onChange={event => { pick(event.currentTarget.value) }}
      />
      <div className={classes.row}>
        <TextInput label={t.name} value={form.name} error={error('name')} required withAsterisk={false} onChange={event => { change({ name: event.currentTarget.value }) }} />
        <TextInput label={t.loinc} value={form.loinc} error={error('loinc')} autoComplete="off" onChange={event => { change({ loinc: event.currentTarget.value, display: '' }) }} />
        <NativeSelect
          label={t.category} value={form.category} data={(['laboratory', 'vital-signs'] as const).map(value => ({ value, label: t.categories[value] }))}
          onChange={event => { change({ category: event.currentTarget.value as ResultForm['category'] }) }}
        />
      </div>
      <div className={classes.row}>
        <TextInput
          label={t.value} description={t.valueHint} value={form.value} error={error('value')} required withAsterisk={false} autoComplete="off"
          onChange={event => { change({ value: event.currentTarget.value }) }}
        />
        <TextInput
          label={t.unit} description={t.unitHint} value={form.unit} error={error('unit')} autoComplete="off"
          onChange={event => { change({ unit: event.currentTarget.value, ucum: event.currentTarget.value }) }}
        />
      </div>
      <fieldset className={classes.group}>
        <legend>{t.range}</legend>
        <div className={classes.row}>
          <TextInput label={t.low} value={form.low} error={error('low')} autoComplete="off" onChange={event => { change({ low: event.currentTarget.value }) }} />
          <TextInput label={t.high} value={form.high} error={error('high')} autoComplete="off" onChange={event => { change({ high: event.currentTarget.value }) }} />
          <NativeSelect
            label={t.interpretation} value={form.interpretation} onChange={event => { change({ interpretation: event.currentTarget.value as ResultForm['interpretation'] }) }}
            data={[{ value: 'range', label: t.byRange }, { value: 'none', label: t.none }, ...interpretations.map(value => ({ value, label: t.interpretations[value] }))]}
          />
        </div>
      </fieldset>
      <TextInput type="datetime-local" label={t.taken} value={form.taken} error={error('taken')} required withAsterisk={false} onChange={event => { change({ taken: event.currentTarget.value }) }} />
      <Textarea label={t.comment} value={form.comment} error={error('comment')} rows={3} onChange={event => { change({ comment: event.currentTarget.value }) }} />
    </>
  )
}
