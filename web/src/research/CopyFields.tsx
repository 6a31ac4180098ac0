import { Checkbox, NativeSelect } from '@mantine/core'
import { Panel } from '../parts/Panel'
import { useText } from '../text'
import { useResearchText } from '../text/research'
import { useFault, type FieldsProps } from './AboutFields'
import { columns, resourceTypes, sensitiveColumns } from './declaration'
import classes from './research.module.css'

const without = (all: string[], one: string, has: boolean): string[] => (has ? [...all, one] : all.filter(other => other !== one))

/** Which copies are wanted, and by which columns people could be told apart in them. */
export function CopyFields({ draft, tried, onChange }: FieldsProps) {
  const { records: { fhir } } = useText()
  const { research: t } = useResearchText()
  const fault = useFault({ draft, tried })('nothing')
  return (
    <Panel title={t.copies} text={t.copiesText}>
      <div className={classes.wide}>
        <fieldset className={classes.checks}>
          <legend>{t.copies}</legend>
          {resourceTypes.map(type => (
            <Checkbox key={type} label={fhir.types[type]} checked={draft.resources.includes(type)}
              onChange={event => { onChange({ resources: without(draft.resources, type, event.currentTarget.checked) }) }} />
          ))}
        </fieldset>
        {fault && <p className={classes.fault} role="alert">{fault}</p>}
        {draft.resources.length > 0 && (
          <>
            <fieldset className={classes.checks}>
              <legend>{t.columns}</legend>
              {columns.map(column => (
                <Checkbox key={column} label={t.columnNames[column]} checked={draft.columns.includes(column)}
                  onChange={event => { onChange({ columns: without(draft.columns, column, event.currentTarget.checked) }) }} />
              ))}
            </fieldset>
            <NativeSelect label={t.sensitive} value={draft.sensitive} data={[{ value: '', label: t.noSensitive }, ...sensitiveColumns.map(value => ({ value, label: t.columnNames[value]! }))]}
              onChange={event => { onChange({ sensitive: event.currentTarget.value }) }} />
          </>
        )}
      </div>
    </Panel>
  )
}
