import { Button } from '@mantine/core'
import { Link } from 'wouter'
import type { Study } from '../core/research'
import { Foreign } from '../parts/Foreign'
import { visible } from '../parts/visible'
import { useResearchText } from '../text/research'
import classes from './studies.module.css'
import { mayJoin } from './studies'
import { StudySentence } from './StudySentence'

/** Studies, each in a sentence. */
export function StudyList({ studies, place = '/studies' }: { studies: Study[], place?: '/studies' | '/research' }) {
  const { studies: t } = useResearchText()
  return (
    <ul className={classes.list}>
      {studies.map(study => {
        const [action, of] = place === '/studies' && mayJoin(study) ? [t.takePart, t.takePartOf] : [t.read, t.readOf]
        return (
          <li key={study.study}>
            <div className={classes.words}>
              <h3><Foreign text={study.title} /></h3>
              <p><StudySentence study={study} /></p>
              <StudyBadges study={study} />
            </div>
            <Button component={Link} href={`${place}/${study.study}`} variant="default" size="sm" aria-label={of(visible(study.title))}>{action}</Button>
          </li>
        )
      })}
    </ul>
  )
}

export function StudyBadges({ study }: { study: Study }) {
  const { studies: t } = useResearchText()
  return (
    <span className={classes.badges}>
      <span className={classes.badge} data-tone={study.state === 'future' ? 'warning' : undefined}>{t.states[study.state]}</span>
      {study.part !== 'none' && <span className={classes.badge} data-tone={study.part === 'contributed' ? 'good' : 'warning'}>{t.parts[study.part]}</span>}
      {study.role && <span className={classes.badge}>{t.roles[study.role]}</span>}
    </span>
  )
}
