import { Button, NativeSelect, TextInput } from '@mantine/core'
import { useEffect, useState, type FormEvent } from 'react'
import { useResearchText } from '../text/research'
import { spans, type Range, type Span } from './range'
import classes from './readings.module.css'

/** A span is taken at once; days when both are there. */
export function RangeForm({ range, onChange, isFaulty }: { range: Range, onChange: (range: Range) => void, isFaulty: boolean }) {
  const { readings: t } = useResearchText()
  const [days, setDays] = useState({ from: range.from, to: range.to })
  const [span, setSpan] = useState<Span>(range.span)
  useEffect(() => { setSpan(range.span) }, [range.span])
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onChange({ span, ...days })
  }
  return (
    <form className={classes.range} onSubmit={submit} noValidate>
      <NativeSelect label={t.range} value={span} data={spans.map(value => ({ value, label: t.spans[value] }))}
        onChange={event => {
          const chosen = event.currentTarget.value as Span
          setSpan(chosen)
          if (chosen !== 'days') onChange({ span: chosen, ...days })
        }} />
      {span === 'days' && (
        <>
          <TextInput type="date" label={t.from} value={days.from} error={isFaulty} onChange={event => { setDays({ ...days, from: event.currentTarget.value }) }} />
          <TextInput type="date" label={t.to} value={days.to} error={isFaulty} onChange={event => { setDays({ ...days, to: event.currentTarget.value }) }} />
          <Button type="submit" variant="default">{t.show}</Button>
        </>
      )}
      {span === 'days' && isFaulty && <p className={classes.fault} role="alert">{t.rangeFault}</p>}
    </form>
  )
}
