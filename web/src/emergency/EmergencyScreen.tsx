import { Button, Group } from '@mantine/core'
import { useMemo, useState } from 'react'
import { usePreference } from '../core/usePreference'
import { Confirm } from '../parts/Confirm'
import { Failure } from '../parts/Failure'
import { IconPrinter, IconSearch, IconTrash } from '../parts/icons'
import { Loading } from '../parts/Loading'
import { PageTitle } from '../parts/PageTitle'
import { Panel } from '../parts/Panel'
import { ProgressLine } from '../parts/ProgressLine'
import type { Speaker } from '../records/fhir/say'
import { useFormat, useText } from '../text'
import { readCard, sections, withLine, withoutLine } from './card'
import { CardPreview } from './CardPreview'
import classes from './Emergency.module.css'
import { SectionChoice } from './SectionChoice'
import { useSuggestions } from './useSuggestions'

/** A card for the wallet, with what its owner chose and nothing else. */
export default function EmergencyScreen() {
  const { emergency: t, records } = useText()
  const format = useFormat()
  const { value: lines, set, failure } = usePreference('emergency', readCard)
  const [forgetting, setForgetting] = useState(false)
  const speaker = useMemo<Speaker>(() => ({ words: records.fhir.words, format }), [records, format])
  const { looking, look } = useSuggestions(speaker)
  const suggested = looking.state === 'looked' ? looking.lines : []
  return (
    <>
      <div className="no-print"><PageTitle title={t.title} text={t.intro} /></div>
      {failure && <Failure error={failure} />}
      {lines === null ? !failure && <Loading /> : (
        <>
          <p className={`${classes.plain} no-print`}>{t.plain}</p>
          <Panel title={t.preview} action={(
            <Group className="no-print">
              <Button onClick={() => { window.print() }} disabled={lines.length === 0} leftSection={<IconPrinter size={18} aria-hidden />}>{t.print}</Button>
              <Button variant="default" onClick={() => { setForgetting(true) }} disabled={lines.length === 0} leftSection={<IconTrash size={18} aria-hidden />}>{t.forget}</Button>
            </Group>
          )}>
            {lines.length === 0 ? <p>{t.empty}</p> : <CardPreview lines={lines} />}
          </Panel>
          <div className="no-print">
            <Panel title={t.choose} text={t.kept}>
              <div className={classes.look}>
                <p>{t.lookText}</p>
                {looking.state === 'looking'
                  ? <ProgressLine label={t.looking(looking.done, looking.all)} part={looking.all > 0 ? looking.done / looking.all : null} />
                  : <Button variant="default" onClick={look} leftSection={<IconSearch size={18} aria-hidden />}>{t.look}</Button>}
                <div role="status">
                  {looking.state === 'looked' && <p>{looking.records + looking.skipped === 0 ? t.nothingFound : t.looked(looking.lines.length, looking.records)}</p>}
                  {looking.state === 'looked' && looking.skipped > 0 && <p>{t.skipped(looking.skipped)}</p>}
                </div>
                {looking.state === 'looked' && looking.failure && <><p>{t.failed}</p><Failure error={looking.failure} onRetry={look} /></>}
                {looking.state === 'failed' && <Failure error={looking.failure} onRetry={look} />}
              </div>
              {sections.map(section => (
                <SectionChoice key={section} section={section} lines={lines} suggested={suggested}
                  onAdd={text => { set(withLine(lines, { section, text })) }} onRemove={text => { set(withoutLine(lines, { section, text })) }} />
              ))}
            </Panel>
          </div>
          <Confirm opened={forgetting} title={t.forgetTitle} action={t.forget} dangerous onConfirm={() => { set(undefined); setForgetting(false) }} onClose={() => { setForgetting(false) }}>
            <p>{t.forgetText}</p>
          </Confirm>
        </>
      )}
    </>
  )
}
