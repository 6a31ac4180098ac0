import { Button, TextInput } from '@mantine/core'
import { useEffect, useRef, useState, type FormEvent, type KeyboardEvent } from 'react'
import { IconSearch } from '../parts/icons'
import { useText } from '../text'
import { focusFirstHit } from './Hits'
import { faultOf } from './query'
import classes from './search.module.css'

interface Props {
  typed: string
  onType: (typed: string) => void
  onAsk: (query: string) => void
  onStop: () => void
  running: boolean
  label?: string
  hint?: boolean
}

/** The field for a query. `/` comes here from anywhere on the screen, the arrow down goes on to what was found. */
export function SearchForm({ typed, onType, onAsk, onStop, running, label, hint = false }: Props) {
  const { search: t } = useText()
  const field = useRef<HTMLInputElement>(null)
  const [faulty, setFaulty] = useState<string | null>(null)
  useSlash(() => { field.current?.select() })
  const fault = faulty === typed ? faultOf(typed) : null

  const submit = (event: FormEvent) => {
    event.preventDefault()
    setFaulty(typed)
    if (!faultOf(typed)) onAsk(typed.trim())
    else field.current?.focus()
  }
  const down = (event: KeyboardEvent) => {
    if (event.key !== 'ArrowDown') return
    event.preventDefault()
    focusFirstHit()
  }
  return (
    <form role="search" onSubmit={submit} className={classes.form} autoComplete="off">
      <TextInput
        ref={field} type="search" className={classes.field} label={label ?? t.label} description={hint ? t.focusHint : undefined} placeholder={t.placeholder} value={typed} data-search-field
        autoComplete="off" autoCapitalize="off" autoCorrect="off" spellCheck={false} enterKeyHint="search" inputWrapperOrder={['label', 'input', 'error', 'description']}
        leftSection={<IconSearch size={18} aria-hidden />} error={fault && t.faults[fault.fault](fault.at)} onChange={event => { onType(event.currentTarget.value) }} onKeyDown={down}
      />
      {running
        ? <Button variant="default" onClick={onStop} className={classes.go}>{t.stop}</Button>
        : <Button type="submit" className={classes.go}>{t.go}</Button>}
    </form>
  )
}

/** A slash outside of any field. */
function useSlash(act: () => void) {
  const latest = useRef(act)
  latest.current = act
  useEffect(() => {
    const press = (event: globalThis.KeyboardEvent) => {
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || (event.target as Element | null)?.closest('input, textarea, select, [role="dialog"]')) return
      event.preventDefault()
      latest.current()
    }
    window.addEventListener('keydown', press)
    return () => { window.removeEventListener('keydown', press) }
  }, [])
}
