import { Button } from '@mantine/core'
import { useState } from 'react'
import { useAction } from '../core/useCore'
import { Failure } from '../parts/Failure'
import { useFormat, useText } from '../text'
import { Notes } from './Notes'
import classes from './search.module.css'

/** Why "nothing found" can be believed, and what it does not cover. */
export function NothingFound() {
  const { search: t } = useText()
  const format = useFormat()
  const enter = useAction('index')
  const [entered, setEntered] = useState<{ records: string[], complaints: string[] } | null>(null)
  return (
    <div className={classes.nothing}>
      <p>{t.nothingIsHidden}</p>
      <p>{t.notSearched}</p>
      <Button variant="default" loading={enter.running} onClick={() => { void enter.run({}).then(setEntered) }}>{t.enter}</Button>
      {enter.failure && <Failure error={enter.failure} />}
      <div role="status">{enter.running ? t.entering : entered && t.entered(entered.records.length, format.number(entered.records.length))}</div>
      {entered && <Notes title={t.complaints(entered.complaints.length)} notes={entered.complaints} />}
    </div>
  )
}
