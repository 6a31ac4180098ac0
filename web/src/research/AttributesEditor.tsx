import { Button, NativeSelect, TextInput } from '@mantine/core'
import { IconPlus } from '../parts/icons'
import { Panel } from '../parts/Panel'
import { useResearchText } from '../text/research'
import type { FieldsProps } from './AboutFields'
import { attributeFault, columns, emptyAttribute, type AttributeDraft } from './declaration'
import classes from './research.module.css'

const loinc = 'loinc:'

/** The words that go into shares, by which answers are filtered. */
export function AttributesEditor({ draft, tried, onChange }: FieldsProps) {
  const { research: t } = useResearchText()
  const { attributes } = draft
  const named = [...draft.variables, ...attributes]
  const set = (at: number, over: Partial<AttributeDraft>) => { onChange({ attributes: attributes.map((one, place) => (place === at ? { ...one, ...over } : one)) }) }
  const add = () => { onChange({ attributes: [...attributes, attributes.length === 0 ? { name: 'sex', source: 'quasi:sex', categories: 'female, male, other' } : emptyAttribute] }) }
  return (
    <Panel title={t.properties} text={t.propertiesText}>
      <div className={classes.wide}>
        {attributes.map((one, at) => {
          const fault = tried ? attributeFault(one, named) : null
          const isCode = one.source.startsWith(loinc)
          return (
            <fieldset key={at} className={classes.part}>
              <legend>{t.nthProperty(at + 1)}</legend>
              <div className={classes.half}><TextInput label={t.attribute} value={one.name} maxLength={40} onChange={event => { set(at, { name: event.currentTarget.value }) }} /></div>
              <div className={isCode ? undefined : classes.half}>
                <NativeSelect label={t.source} value={isCode ? loinc : one.source} onChange={event => { set(at, { source: event.currentTarget.value }) }}
                  data={[...columns.map(column => ({ value: `quasi:${column}`, label: t.sourceOf(t.columnNames[column]!) })), { value: loinc, label: t.sourceLoinc }]} />
              </div>
              {isCode && <TextInput label={t.code} value={one.source.slice(loinc.length)} maxLength={12} onChange={event => { set(at, { source: loinc + event.currentTarget.value.trim() }) }} />}
              <div className={classes.full}><TextInput label={t.categories} value={one.categories} maxLength={2000} onChange={event => { set(at, { categories: event.currentTarget.value }) }} /></div>
              {fault && <p className={classes.fault} role="alert">{t.faults[fault]}</p>}
              <div className={classes.full}>
                <Button variant="subtle" size="compact-md" onClick={() => { onChange({ attributes: attributes.filter((_, place) => place !== at) }) }}>{t.removeOf(one.name)}</Button>
              </div>
            </fieldset>
          )
        })}
        <div><Button variant="default" leftSection={<IconPlus size={18} aria-hidden />} onClick={add}>{t.addAttribute}</Button></div>
      </div>
    </Panel>
  )
}
