import { Textarea, TextInput } from '@mantine/core'
import { Panel } from '../parts/Panel'
import { useResearchText } from '../text/research'
import { faultsOf, type Declaration, type DeclarationFault } from './declaration'
import classes from './research.module.css'

export interface FieldsProps {
  draft: Declaration
  /** Faults are shown from the first try on. */
  tried: boolean
  onChange: (over: Partial<Declaration>) => void
}

/** The words for what is at fault, or null. */
export function useFault({ draft, tried }: Pick<FieldsProps, 'draft' | 'tried'>): (...faults: DeclarationFault[]) => string | null {
  const { research: t } = useResearchText()
  const found = tried ? faultsOf(draft) : []
  return (...faults) => {
    const first = faults.find(fault => found.includes(fault))
    return first ? t.faults[first] : null
  }
}

/** What it is about, who guards it, from when to when. */
export function AboutFields({ draft, tried, onChange }: FieldsProps) {
  const { research: t } = useResearchText()
  const fault = useFault({ draft, tried })
  return (
    <Panel title={t.about}>
      <div className={classes.form}>
        <TextInput label={t.name} value={draft.title} maxLength={120} error={fault('title')} onChange={event => { onChange({ title: event.currentTarget.value }) }} />
        <Textarea label={t.purpose} description={t.purposeHint} rows={4} value={draft.purpose} maxLength={3000} error={fault('purpose')}
          onChange={event => { onChange({ purpose: event.currentTarget.value }) }} />
        <TextInput type="email" label={t.custodian} description={t.custodianHint} value={draft.custodian} error={fault('custodian')} autoComplete="off"
          onChange={event => { onChange({ custodian: event.currentTarget.value }) }} />
        <div className={classes.pair}>
          <TextInput type="date" label={t.opens} value={draft.opens} error={fault('opens')} onChange={event => { onChange({ opens: event.currentTarget.value }) }} />
          <TextInput type="date" label={t.ends} value={draft.ends} error={fault('ends', 'order')} onChange={event => { onChange({ ends: event.currentTarget.value }) }} />
        </div>
      </div>
    </Panel>
  )
}
