import { TextInput } from '@mantine/core'
import { Panel } from '../parts/Panel'
import { useResearchText } from '../text/research'
import { useFault, type FieldsProps } from './AboutFields'
import type { Declaration } from './declaration'
import classes from './research.module.css'

/** What must hold before anything is released or answered. */
export function ProtectionFields({ draft, tried, onChange }: FieldsProps) {
  const { research: t } = useResearchText()
  const fault = useFault({ draft, tried })
  const hasCopies = draft.resources.length > 0
  const number = (part: keyof Declaration & ('k' | 'l' | 't' | 'suppression' | 'minimumCohort' | 'budget'), description?: string) => (
    <TextInput label={t[part]} description={description} inputMode="decimal" value={draft[part]} maxLength={12} error={fault(part)}
      onChange={event => { onChange({ [part]: event.currentTarget.value }) }} />
  )
  return (
    <Panel title={t.protection} text={t.protectionText}>
      <div className={classes.form}>
        <div className={classes.pair}>{number('minimumCohort')}{hasCopies && number('k')}</div>
        {hasCopies && <div className={classes.pair}>{draft.sensitive !== '' && number('l')}{draft.sensitive !== '' && number('t')}</div>}
        {hasCopies && number('suppression')}
        {draft.variables.length + draft.attributes.length > 0 && number('budget', t.budgetHint)}
      </div>
    </Panel>
  )
}
