import { Anchor } from '@mantine/core'
import { Link } from 'wouter'
import type { Study } from '../core/research'
import { useOperation } from '../core/useCore'
import { EmptyState } from '../parts/EmptyState'
import { Failure } from '../parts/Failure'
import { IconFlask } from '../parts/icons'
import { Loading } from '../parts/Loading'
import { PageTitle } from '../parts/PageTitle'
import { Panel } from '../parts/Panel'
import { Notes } from '../search/Notes'
import { useResearchText } from '../text/research'
import classes from './studies.module.css'
import { arranged } from './studies'
import { StudyList } from './StudyList'

/** Studies that ask, and those that one takes part in. */
export default function StudiesScreen() {
  const { studies: t } = useResearchText()
  const all = useOperation('studies', {})
  return (
    <>
      <PageTitle title={t.title} text={t.intro} />
      {all.state === 'failed' && <Failure error={all.failure} onRetry={all.reload} />}
      {all.state === 'loading' && !all.data && <Loading />}
      {all.data && <Overview {...all.data} />}
      {all.data && <Panel title={t.forResearchers} action={<Anchor component={Link} href="/research">{t.toDesk}</Anchor>}><p className={classes.text}>{t.deskText}</p></Panel>}
    </>
  )
}

function Overview({ studies, complaints }: { studies: Study[], complaints: string[] }) {
  const { studies: t } = useResearchText()
  const { mine, open, coming, over } = arranged(studies)
  return (
    <>
      <Notes title={t.notes} notes={complaints} />
      {mine.length > 0 && <Panel title={t.mine}><StudyList studies={mine} /></Panel>}
      {open.length > 0 && <Panel title={t.open}><StudyList studies={open} /></Panel>}
      {mine.length + open.length + coming.length === 0 && <div className={classes.ended}><EmptyState icon={<IconFlask size={36} />} title={t.none} text={t.noneText} /></div>}
      {coming.length > 0 && <Panel title={t.coming}><StudyList studies={coming} /></Panel>}
      {over.length > 0 && <details className={classes.ended}><summary>{t.over(over.length)}</summary><StudyList studies={over} /></details>}
    </>
  )
}
