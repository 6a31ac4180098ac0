import { Anchor } from '@mantine/core'
import { useState } from 'react'
import { Link, useParams } from 'wouter'
import type { Study } from '../core/research'
import { useOperation } from '../core/useCore'
import { EmptyState } from '../parts/EmptyState'
import { Failure } from '../parts/Failure'
import { Loading } from '../parts/Loading'
import { PageTitle } from '../parts/PageTitle'
import { Notes } from '../search/Notes'
import { useResearchText } from '../text/research'
import { Joining } from './Joining'
import classes from './studies.module.css'
import { mayJoin } from './studies'
import { StudyBadges } from './StudyList'
import { StudySentence } from './StudySentence'
import { Details } from './Details'
import { Withdrawing } from './Withdrawing'

/** One study: what it asks, and the decision. */
export default function StudyScreen() {
  const { study: id } = useParams<{ study: string }>()
  const { studies: t } = useResearchText()
  const all = useOperation('studies', {})
  const study = all.data?.studies.find(one => one.study === id)
  return (
    <>
      <Anchor component={Link} href="/studies" className={classes.back}>{t.back}</Anchor>
      {!study && <PageTitle title={t.title} />}
      {all.state === 'failed' && <Failure error={all.failure} onRetry={all.reload} />}
      {all.state === 'loading' && !all.data && <Loading />}
      {all.data && !study && <EmptyState title={t.missing} />}
      {study && <OneStudy key={study.study} study={study} onChanged={all.reload} />}
    </>
  )
}

function OneStudy({ study, onChanged }: { study: Study, onChanged: () => void }) {
  const { studies: t } = useResearchText()
  const [complaints, setComplaints] = useState<string[]>([])
  return (
    <>
      <PageTitle title={study.title} text={<StudyBadges study={study} />} />
      <p className={classes.sentence}><StudySentence study={study} /></p>
      {study.role === 'organisation' && <p className={classes.dimmed}>{t.organisationRole}</p>}
      {(study.role === 'researcher' || study.role === 'custodian') && <p className={classes.dimmed}>{t.ownRole} <Anchor component={Link} href={`/research/${study.study}`}>{t.toDesk}</Anchor></p>}
      <Notes title={t.notes} notes={complaints} />
      {study.part !== 'none' && <Withdrawing study={study} onChanged={onChanged} />}
      <Details study={study} />
      {mayJoin(study) && <Joining study={study} onJoined={said => { setComplaints(said); onChanged() }} />}
    </>
  )
}
