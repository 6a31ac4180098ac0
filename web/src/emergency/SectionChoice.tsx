import { Button, Checkbox, TextInput } from '@mantine/core'
import { useState } from 'react'
import { visible } from '../parts/visible'
import { useText } from '../text'
import { has, type Line, type Section } from './card'
import classes from './Emergency.module.css'

interface Props { section: Section, lines: Line[], suggested: Line[], onAdd: (text: string) => void, onRemove: (text: string) => void }

const few = 6

/** The lines of one section: those chosen, those suggested, and one to type. */
export function SectionChoice({ section, lines, suggested, onAdd, onRemove }: Props) {
  const { emergency: t } = useText()
  const [typed, setTyped] = useState('')
  const [all, setAll] = useState(false)
  const chosen = lines.filter(line => line.section === section)
  const others = suggested.filter(line => line.section === section && !has(lines, line))
  const shown = all ? others : others.slice(0, few)
  const add = () => {
    onAdd(typed)
    setTyped('')
  }
  return (
    <fieldset className={classes.section}>
      <legend>{t.sections[section]}</legend>
      {t.sectionsHelp[section] && <p className={classes.dimmed}>{t.sectionsHelp[section]}</p>}
      <div className={classes.choices}>
        {[...chosen, ...shown].map(line => (
          <Checkbox key={line.text} size="md" label={visible(line.text)} checked={has(lines, line)} onChange={event => { (event.currentTarget.checked ? onAdd : onRemove)(line.text) }} />
        ))}
      </div>
      {others.length > shown.length && <Button variant="subtle" size="compact-md" onClick={() => { setAll(true) }}>{t.moreSuggestions(others.length - shown.length)}</Button>}
      <form className={classes.adding} onSubmit={event => { event.preventDefault(); add() }}>
        <TextInput aria-label={t.addLine(t.sections[section])} value={typed} maxLength={200} onChange={event => { setTyped(event.currentTarget.value) }} autoComplete="off" />
        <Button type="submit" variant="default" disabled={typed.trim() === ''} aria-label={t.addLine(t.sections[section])}>{t.add}</Button>
      </form>
    </fieldset>
  )
}
