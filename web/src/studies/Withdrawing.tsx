import { Button } from '@mantine/core'
import { useState } from 'react'
import type { Study } from '../core/research'
import { useAction } from '../core/useCore'
import { Confirm } from '../parts/Confirm'
import { Panel } from '../parts/Panel'
import { ProgressLine } from '../parts/ProgressLine'
import { visible } from '../parts/visible'
import { useFormat } from '../text'
import { useResearchText } from '../text/research'
import classes from './studies.module.css'

/** One takes part, or has begun to, or has withdrawn; and can take it back. */
export function Withdrawing({ study, onChanged }: { study: Study, onChanged: () => void }) {
  const { studies: t } = useResearchText()
  const format = useFormat()
  const [asking, setAsking] = useState(false)
  const [missing, setMissing] = useState<string[]>([])
  const withdraw = useAction('study.withdraw')
  const [title, text] = study.part === 'contributed' ? [t.done, t.doneText] : study.part === 'started' ? [t.started, t.startedText] : [t.withdrawn, t.withdrawnText]
  return (
    <Panel>
      <div role="status">
        <p className={study.part === 'contributed' ? classes.good : classes.state}>{title}</p>
        <p className={classes.text}>{text}</p>
        {missing.length > 0 && <p className={classes.text}>{t.withdrawnPending(format.list(missing.map(visible)))}</p>}
      </div>
      {(study.part !== 'withdrawn' || missing.length > 0) && (
        <Button variant="default" aria-label={t.withdrawOf(visible(study.title))} onClick={() => { setAsking(true) }}>{t.withdraw}</Button>
      )}
      <Confirm opened={asking} title={t.withdrawTitle} action={t.withdraw} dangerous running={withdraw.running} failure={withdraw.failure} onClose={() => { setAsking(false) }}
        onConfirm={() => {
          void withdraw.run({ study: study.study }).then(done => {
            if (!done) return
            setAsking(false)
            setMissing(done.missing)
            onChanged()
          })
        }}>
        <ul className={classes.points}>{t.withdrawDoes.map(text => <li key={text}>{text}</li>)}</ul>
        <p className={classes.text}>{t.withdrawCannot}</p>
        {withdraw.running && <ProgressLine label={t.withdrawing} part={null} />}
      </Confirm>
    </Panel>
  )
}
