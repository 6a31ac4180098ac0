import { Button, Group } from '@mantine/core'
import { useState } from 'react'
import type { JoinPreview, Study } from '../core/research'
import { useAction } from '../core/useCore'
import { Failure } from '../parts/Failure'
import { Foreign } from '../parts/Foreign'
import { Panel } from '../parts/Panel'
import { ProgressLine } from '../parts/ProgressLine'
import { Filled } from '../text/Filled'
import { useResearchText } from '../text/research'
import { PartyName } from './Party'
import { Preview } from './Preview'
import classes from './studies.module.css'

/** First what would be contributed, then the consent: one sentence and a button. */
export function Joining({ study, onJoined }: { study: Study, onJoined: (complaints: string[]) => void }) {
  const { studies: t } = useResearchText()
  const look = useAction('study.preview')
  const join = useAction('study.join')
  const [preview, setPreview] = useState<JoinPreview | null>(null)
  if (!preview)
    return (
      <Panel>
        <p className={classes.text}>{t.seeText}</p>
        {look.running && <ProgressLine label={t.preparing} part={null} />}
        {look.failure && <Failure error={look.failure} />}
        <Button loading={look.running} onClick={() => { void look.run({ study: study.study }).then(setPreview) }}>{t.see}</Button>
      </Panel>
    )
  const isEmpty = preview.copy === null && preview.row.every(one => one.value === null)
  return (
    <Panel title={t.preview}>
      <Preview preview={preview} study={study} />
      {isEmpty ? <p className={classes.text}>{t.previewEmpty}</p> : (
        <p className={classes.sentence}>
          <Filled text={preview.copy ? t.consent : t.consentRow} parts={{ title: <Foreign text={study.title} />, custodian: <PartyName party={study.custodian} /> }} />
        </p>
      )}
      {join.running && <ProgressLine label={t.contributing} part={null} />}
      {join.failure && <Failure error={join.failure} />}
      <Group>
        {!isEmpty && <Button loading={join.running} onClick={() => { void join.run({ study: study.study }).then(done => { if (done) onJoined(done.complaints) }) }}>{t.contribute}</Button>}
        <Button variant="default" disabled={join.running} onClick={() => { setPreview(null) }}>{t.notNow}</Button>
      </Group>
    </Panel>
  )
}
