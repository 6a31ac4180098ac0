import { Button } from '@mantine/core'
import type { Estimate, Study } from '../core/research'
import { Panel } from '../parts/Panel'
import { useFormat } from '../text'
import { useResearchText } from '../text/research'
import classes from './research.module.css'

/** How many take part: nobody but the custodian counts them, so that is asked as any other number. */
export function Participants({ study, count, onAsk, isAsking }: { study: Study, count: Estimate | null, onAsk: () => void, isAsking: boolean }) {
  const { statistics: t } = useResearchText()
  const format = useFormat()
  const minimum = format.number(study.release.minimumCohort)
  return (
    <Panel title={t.cohort}>
      {count
        ? (
          <div role="status">
            <p className={classes.big}>{t.counted(format.number(Math.round(count.value)), format.number(Math.ceil(count.error)))}</p>
            <p className={classes.text}>{count.value < study.release.minimumCohort ? t.tooFew(minimum) : t.enough(minimum)}</p>
          </div>
        )
        : <><p className={classes.text}>{t.onlyCustodian}</p><Button variant="default" loading={isAsking} onClick={onAsk}>{t.askCount}</Button></>}
    </Panel>
  )
}
