import { Button, Stack } from '@mantine/core'
import { useEffect, useState } from 'react'
import type { CoreError } from '../core/api'
import { findHome } from '../core/home'
import { asFailure, useCore } from '../core/useCore'
import { explain, isOfPage } from '../parts/explain'
import { Foreign } from '../parts/Foreign'
import { IconAlertOctagon } from '../parts/icons'
import { PageTitle } from '../parts/PageTitle'
import { useText } from '../text'
import { Sheet } from './Sheet'

/**
 * Once for each unlocked account: whether this page is one that everybody is handed and that may still be used; the alarm by which it is not. The core keeps the alarm; a server that is away
 * is asked by the settings again.
 */
export function usePageAlarm(): CoreError | null {
  const core = useCore()
  const [alarm, setAlarm] = useState<CoreError | null>(null)
  useEffect(() => {
    const stop = new AbortController()
    void findHome().then(async ({ from, manifest }) => {
      if (manifest === null || stop.signal.aborted) return
      await core.call('page.check', { manifest, key: SALUS_PAGE_KEY, own: from === 'client' }, { signal: stop.signal })
    }).catch((problem: unknown) => {
      const { error } = asFailure(problem)
      if (!stop.signal.aborted && error.kind === 'alarm' && isOfPage('page.check', error.code)) setAlarm(error)
    })
    return () => { stop.abort() }
  }, [core])
  return alarm
}

/** In place of every screen. What was typed into this page cannot be taken back; nothing more is. */
export function RefusedPage({ alarm }: { alarm: CoreError }) {
  const { common, errors, shell: { pageRefused: t } } = useText()
  const { what, safe, advice } = explain(alarm, errors, 'page.check')
  return (
    <Sheet>
      <div role="alert">
        <IconAlertOctagon size={36} color="var(--salus-alarm)" aria-hidden />
        <PageTitle title={t.title} text={what} />
        <p>{safe}</p>
        <p>{advice}</p>
      </div>
      <Stack mt="lg">
        <Button fullWidth onClick={() => { location.reload() }}>{t.again}</Button>
        <details>
          <summary>{common.details}</summary>
          <p lang="en"><Foreign text={alarm.message} /></p>
        </details>
      </Stack>
    </Sheet>
  )
}
