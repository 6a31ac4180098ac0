import { Checkbox, NativeSelect, Textarea, TextInput } from '@mantine/core'
import { useText } from '../text'
import classes from './clinician.module.css'
import type { PeriodUnit } from './fhir'
import { dosageOf, type PrescriptionForm } from './forms'
import { useErrors, type FieldsProps } from './NoteFields'

const systems = ['none', 'atc', 'rxnorm'] as const
const periods: readonly PeriodUnit[] = ['h', 'd', 'wk']

/** A prescription. The dosage in words follows the fields until its writer changes it. */
export function PrescriptionFields({ form, faults, onChange }: FieldsProps<PrescriptionForm>) {
  const { clinician: { prescription: t } } = useText()
  const error = useErrors(faults)
  const change = (over: Partial<PrescriptionForm>) => {
    const changed = { ...form, ...over }
    onChange(over.dosage === undefined && form.dosage === dosageOf(form, t) ? { ...changed, dosage: dosageOf(changed, t) } : changed)
  }
  const text = (field: 'medication' | 'code' | 'amount' | 'unit' | 'frequency' | 'period' | 'days' | 'quantity' | 'quantityUnit' | 'repeats' | 'reason', label: string) => ({
    label, value: form[field], error: error(field), autoComplete: 'off', onChange: (event: { currentTarget: { value: string } }) => { change({ [field]: event.currentTarget.value }) },
  })
  return (
    <>
      <div className={classes.row}>
        <TextInput {...text('medication', t.medication)} required withAsterisk={false} className={classes.wide} />
        <NativeSelect
          label={t.system} value={form.system} data={systems.map(value => ({ value, label: t.systems[value] }))}
          onChange={event => { change({ system: event.currentTarget.value as PrescriptionForm['system'] }) }}
        />
        {form.system !== 'none' && <TextInput {...text('code', t.code)} />}
      </div>
      <div className={classes.row}>
        <TextInput {...text('amount', t.amount)} inputMode="decimal" />
        <TextInput {...text('unit', t.unit)} placeholder={t.unitHint} />
      </div>
      <fieldset className={classes.group}>
        <legend>{t.often}</legend>
        <div className={classes.row}>
          <TextInput {...text('frequency', t.frequency)} inputMode="numeric" />
          <TextInput {...text('period', t.period)} inputMode="numeric" />
          <NativeSelect
            label={t.periodUnit} value={form.periodUnit} data={periods.map(value => ({ value, label: t.periods[value] }))}
            onChange={event => { change({ periodUnit: event.currentTarget.value as PeriodUnit }) }}
          />
          <TextInput {...text('days', t.days)} inputMode="numeric" />
        </div>
        <Checkbox mt="md" label={t.asNeeded} checked={form.asNeeded} onChange={event => { change({ asNeeded: event.currentTarget.checked }) }} />
      </fieldset>
      <Textarea
        label={t.dosage} description={t.dosageHint} value={form.dosage} error={error('dosage')} rows={2} required withAsterisk={false}
        onChange={event => { change({ dosage: event.currentTarget.value }) }}
      />
      <div className={classes.row}>
        <TextInput {...text('quantity', t.quantity)} inputMode="decimal" />
        <TextInput {...text('quantityUnit', t.quantityUnit)} placeholder={t.unitHint} />
        <TextInput {...text('repeats', t.repeats)} inputMode="numeric" />
      </div>
      <TextInput {...text('reason', t.reason)} />
    </>
  )
}
