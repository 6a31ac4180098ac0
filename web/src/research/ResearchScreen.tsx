import { Button } from '@mantine/core'
import { Link } from 'wouter'
import { useOperation } from '../core/useCore'
import { EmptyState } from '../parts/EmptyState'
import { Failure } from '../parts/Failure'
import { IconFlask, IconPlus } from '../parts/icons'
import { Loading } from '../parts/Loading'
import { PageTitle } from '../parts/PageTitle'
import { Panel } from '../parts/Panel'
import { Notes } from '../search/Notes'
import { StudyList } from '../studies/StudyList'
import { useResearchText } from '../text/research'
import classes from './research.module.css'

/** Studies that this account runs, and those that it guards. */
export default function ResearchScreen() {
  const { research: t } = useResearchText()
  const all = useOperation('studies', {})
  const mine = all.data?.studies.filter(study => study.role === 'researcher') ?? []
  const guarded = all.data?.studies.filter(study => study.role === 'custodian') ?? []
  const open = <Button component={Link} href="/research/new" leftSection={<IconPlus size={18} aria-hidden />}>{t.openStudy}</Button>
  return (
    <>
      <PageTitle title={t.title} text={t.intro}>{mine.length > 0 && open}</PageTitle>
      {all.state === 'failed' && <Failure error={all.failure} onRetry={all.reload} />}
      {all.state === 'loading' && !all.data && <Loading />}
      {all.data && (
        <>
          <Notes title={t.notes} notes={all.data.complaints} />
          <Panel title={t.mine}>
            {mine.length > 0 ? <StudyList studies={mine} place="/research" /> : <EmptyState icon={<IconFlask size={36} />} title={t.none} text={t.noneText} action={open} />}
          </Panel>
          <Panel title={t.guarded}>{guarded.length > 0 ? <StudyList studies={guarded} place="/research" /> : <p className={classes.dimmed}>{t.noneGuarded}</p>}</Panel>
        </>
      )}
    </>
  )
}
