import { Button, NativeSelect, TextInput } from '@mantine/core'
import { IconPlus } from '../parts/icons'
import { Panel } from '../parts/Panel'
import { spoken } from '../studies/studies'
import { useResearchText } from '../text/research'
import type { FieldsProps } from './AboutFields'
import { emptyVariable, knownVariables, variableFault, type VariableDraft } from './declaration'
import classes from './research.module.css'

/** The numbers that go into shares. */
export function VariablesEditor({ draft, tried, onChange }: FieldsProps) {
  const { research: t } = useResearchText()
  const { variables } = draft
  const named = [...variables, ...draft.attributes]
  const set = (at: number, over: Partial<VariableDraft>) => { onChange({ variables: variables.map((one, place) => (place === at ? { ...one, ...over } : one)) }) }
  const known = knownVariables.filter(one => !named.some(other => other.name === one.name))
  return (
    <Panel title={t.figures} text={t.figuresText}>
      <div className={classes.wide}>
        {variables.map((one, at) => {
          const fault = tried ? variableFault(one, named) : null
          const text = (part: keyof VariableDraft, label: string) => <TextInput label={label} value={one[part]} maxLength={40} onChange={event => { set(at, { [part]: event.currentTarget.value }) }} />
          return (
            <fieldset key={at} className={classes.part}>
              <legend>{t.nth(at + 1)}</legend>
              <div className={classes.half}>{text('name', t.variable)}</div>
              {text('code', t.code)}
              {text('unit', t.unit)}
              {text('lower', t.lower)}
              {text('upper', t.upper)}
              {text('decimals', t.decimals)}
              {text('classes', t.classes)}
              {fault && <p className={classes.fault} role="alert">{t.faults[fault]}</p>}
              <div className={classes.full}>
                <Button variant="subtle" size="compact-md" onClick={() => { onChange({ variables: variables.filter((_, place) => place !== at) }) }}>{t.removeOf(one.name)}</Button>
              </div>
            </fieldset>
          )
        })}
        <div className={classes.actions}>
          {known.length > 0 && (
            <NativeSelect label={t.addKnown} value="" data={[{ value: '', label: t.chooseKnown }, ...known.map(({ name }) => ({ value: name, label: spoken(name) }))]}
              onChange={event => {
                const chosen = known.find(one => one.name === event.currentTarget.value)
                if (chosen) onChange({ variables: [...variables, chosen] })
              }} />
          )}
          <Button variant="default" leftSection={<IconPlus size={18} aria-hidden />} onClick={() => { onChange({ variables: [...variables, emptyVariable] }) }}>{t.addVariable}</Button>
        </div>
      </div>
    </Panel>
  )
}
