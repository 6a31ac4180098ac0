import { Anchor, Button } from '@mantine/core'
import { useState } from 'react'
import { Link, useParams } from 'wouter'
import type { Study } from '../core/research'
import { useAction, useOperation } from '../core/useCore'
import { Confirm } from '../parts/Confirm'
import { EmptyState } from '../parts/EmptyState'
import { Failure } from '../parts/Failure'
import { Loading } from '../parts/Loading'
import { PageTitle } from '../parts/PageTitle'
import { Details } from '../studies/Details'
import { StudyBadges } from '../studies/StudyList'
import { StudySentence } from '../studies/StudySentence'
import { useResearchText } from '../text/research'
import { Guard } from './Guard'
import { ReleasedPanel } from './ReleasedPanel'
import classes from './research.module.css'
import { Statistics } from './Statistics'

/** One study, for who runs or guards it. */
export default function DeskScreen() {
  const { study: id } = useParams<{ study: string }>()
  const { research: t } = useResearchText()
  const all = useOperation('studies', {})
  const study = all.data?.studies.find(one => one.study === id && (one.role === 'researcher' || one.role === 'custodian'))
  return (
    <>
      <Anchor component={Link} href="/research" className={classes.back}>{t.back}</Anchor>
      {!study && <PageTitle title={t.title} />}
      {all.state === 'failed' && <Failure error={all.failure} onRetry={all.reload} />}
      {all.state === 'loading' && !all.data && <Loading />}
      {all.data && !study && <EmptyState title={t.missing} />}
      {study && <Desk key={study.study} study={study} onChanged={all.reload} />}
    </>
  )
}

function Desk({ study, onChanged }: { study: Study, onChanged: () => void }) {
  const { research: t } = useResearchText()
  const [closing, setClosing] = useState(false)
  const close = useAction('study.close')
  const isResearcher = study.role === 'researcher'
  return (
    <>
      <PageTitle title={study.title} text={<StudyBadges study={study} />}>
        {isResearcher && study.state !== 'ended' && <Button variant="default" onClick={() => { setClosing(true) }}>{t.close}</Button>}
      </PageTitle>
      {isResearcher ? <><Statistics study={study} /><ReleasedPanel study={study} /></> : <Guard study={study} />}
      <details className={classes.declared}>
        <summary>{t.declared}</summary>
        <p className={classes.text}><StudySentence study={study} /></p>
        <Details study={study} />
      </details>
      <Confirm opened={closing} title={t.closeTitle} action={t.close} dangerous running={close.running} failure={close.failure} onClose={() => { setClosing(false) }}
        onConfirm={() => {
          void close.run({ study: study.study }).then(done => {
            if (!done) return
            setClosing(false)
            onChanged()
          })
        }}>
        <p className={classes.text}>{t.closeText}</p>
      </Confirm>
    </>
  )
}
