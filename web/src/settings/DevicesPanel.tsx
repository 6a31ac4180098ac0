import { Button } from '@mantine/core'
import { useState } from 'react'
import type { Device } from '../core/api'
import { useAction, useOperation } from '../core/useCore'
import { Confirm } from '../parts/Confirm'
import { Failure } from '../parts/Failure'
import { Foreign } from '../parts/Foreign'
import { IconDeviceLaptop } from '../parts/icons'
import { Loading } from '../parts/Loading'
import { Panel } from '../parts/Panel'
import { visible } from '../parts/visible'
import { useFormat, useText } from '../text'
import classes from './settings.module.css'

/** Sessions with the servers, to be ended one by one. */
export function DevicesPanel() {
  const { settings: { devices: t } } = useText()
  const format = useFormat()
  const { data, reload, ...loaded } = useOperation('devices.list', {})
  const [ending, setEnding] = useState<Device | null>(null)
  const end = useAction('devices.end')
  return (
    <Panel title={t.title} text={t.text}>
      {loaded.state === 'failed' && <Failure error={loaded.failure} onRetry={reload} />}
      {!data && loaded.state === 'loading' && <Loading />}
      {data && (
        <ul className={classes.list}>
          {data.map(device => (
            <li key={device.id}>
              <span className={classes.item}>
                <IconDeviceLaptop size={20} aria-hidden />
                <span>
                  {device.name ? <Foreign text={device.name} /> : t.unnamed}{device.isCurrent && <span className={classes.here}>{t.here}</span>}
                  <span className={classes.quiet}>{t.seen(format.time(device.lastSeenAt))}, {t.since(format.day(device.createdAt))}</span>
                </span>
              </span>
              {!device.isCurrent && (
                <Button variant="subtle" color="red" size="sm" aria-label={t.endOf(visible(device.name ?? t.unnamed))} onClick={() => { end.clear(); setEnding(device) }}>{t.end}</Button>
              )}
            </li>
          ))}
        </ul>
      )}
      <Confirm
        opened={ending !== null} title={t.endTitle} action={t.end} dangerous running={end.running} failure={end.failure} onClose={() => { setEnding(null) }}
        onConfirm={() => { void end.run({ id: ending!.id }).then(done => { if (done) { setEnding(null); reload() } }) }}
      >
        <p className={classes.note}><Foreign text={ending?.name ?? t.unnamed} /></p>
        <p className={classes.note}>{t.endText}</p>
      </Confirm>
    </Panel>
  )
}
