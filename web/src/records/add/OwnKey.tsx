import { useEffect, useRef, useState } from 'react'
import type { AnswerOf, CoreFailure } from '../../core/api'
import { asFailure, useCore } from '../../core/useCore'
import { Failure } from '../../parts/Failure'
import { IconCheck, IconX } from '../../parts/icons'
import { SecretInput } from '../../parts/SecretInput'
import { visible } from '../../parts/visible'
import { useText } from '../../text'
import { rulesOf } from '../upload'
import classes from './Add.module.css'

type Check = AnswerOf<'sequenceKey.check'>

/** A sequence key while it is typed: each rule is ticked, and where the fragments would go is shown. */
export function OwnKey({ value, onChange, onGood }: { value: string, onChange: (key: string) => void, onGood: (key: string) => void }) {
  const { upload: t } = useText()
  const core = useCore()
  const [check, setCheck] = useState<Check | null>(null)
  const [failure, setFailure] = useState<CoreFailure | null>(null)
  const good = useRef(onGood)
  good.current = onGood
  useEffect(() => {
    const stop = new AbortController()
    core.call('sequenceKey.check', { text: value }, { signal: stop.signal }).then(
      answer => {
        if (stop.signal.aborted) return
        setFailure(null)
        setCheck(answer)
        good.current(answer.fault === 'none' ? value : '')
      },
      (problem: unknown) => { if (!stop.signal.aborted) setFailure(asFailure(problem)) })
    return () => { stop.abort() }
  }, [core, value])
  const rules = check && value !== '' ? rulesOf(check.fault) : rulesOf('none').map(({ rule }) => ({ rule, state: 'open' as const }))
  // Where the ones beyond an equal share go is decided by the record's own key.
  const exact = check === null || check.stores.reduce((sum, store) => sum + store.fragments, 0) === check.fragments
  return (
    <div className={classes.key}>
      <SecretInput label={t.key} value={value} onChange={onChange} autoComplete="off" />
      {failure && <Failure error={failure} />}
      <ul className={classes.rules} aria-label={t.rules}>
        {rules.map(({ rule, state }) => (
          <li key={rule} data-state={state}>
            {state === 'met' ? <IconCheck size={18} aria-hidden /> : state === 'broken' ? <IconX size={18} aria-hidden /> : <span className={classes.open} aria-hidden />}
            <span>{t.rule[rule]}</span>
            <span className={classes.heard}>: {state === 'met' ? t.ruleMet : state === 'broken' ? t.ruleBroken : t.ruleOpen}</span>
          </li>
        ))}
      </ul>
      <div role="status" className={classes.placing}>
        {check?.character?.trim() && value !== '' && check.fault !== 'none' && <p>{t.character(visible(check.character))}</p>}
        {check?.fault === 'none' && (
          <>
            <p>{t.places(check.fragments, check.restoreFrom)}</p>
            <ul className={classes.places}>{check.stores.map(store => <li key={store.name}>{(exact ? t.placesAt : t.placesUpTo)(visible(store.name), store.fragments)}</li>)}</ul>
          </>
        )}
      </div>
    </div>
  )
}
