import { Button, Stack, TextInput } from '@mantine/core'
import { useState } from 'react'
import { deviceName } from '../account/device'
import { passkeysPossible } from '../account/passkey'
import { PasskeyTrouble } from '../account/PasskeyTrouble'
import { usePasskey } from '../account/usePasskey'
import type { Passkey } from '../core/api'
import { useAction, useOperation } from '../core/useCore'
import { Confirm } from '../parts/Confirm'
import { Failure } from '../parts/Failure'
import { Foreign } from '../parts/Foreign'
import { IconFingerprint } from '../parts/icons'
import { Loading } from '../parts/Loading'
import { Panel } from '../parts/Panel'
import { visible } from '../parts/visible'
import { useFormat, useText } from '../text'
import classes from './settings.module.css'

/** The passkeys that open the account. */
export function PasskeysPanel() {
  const { settings: { passkeys: t }, account, common } = useText()
  const format = useFormat()
  const { data, reload, ...loaded } = useOperation('passkey.list', {})
  const [name, setName] = useState(() => deviceName(navigator.userAgent))
  const [leaving, setLeaving] = useState<Passkey | null>(null)
  const { add, running, problem, clear } = usePasskey()
  const remove = useAction('passkey.remove')
  const make = async () => { if (await add(name.trim().replace(/\s+/g, ' ') || deviceName(navigator.userAgent))) reload() }
  return (
    <Panel title={t.title} text={t.text}>
      {loaded.state === 'failed' && <Failure error={loaded.failure} onRetry={reload} />}
      {!data && loaded.state === 'loading' && <Loading />}
      {data?.length === 0 && <p>{t.none}</p>}
      {data && data.length > 0 && (
        <ul className={classes.list}>
          {data.map(passkey => (
            <li key={passkey.credential}>
              <span className={classes.item}>
                <IconFingerprint size={20} aria-hidden /><span><Foreign text={passkey.name} /><span className={classes.quiet}>{t.added(format.day(passkey.createdAt))}</span></span>
              </span>
              <Button variant="subtle" color="red" size="sm" aria-label={t.remove(visible(passkey.name))} onClick={() => { clear(); remove.clear(); setLeaving(passkey) }}>{common.remove}</Button>
            </li>
          ))}
        </ul>
      )}
      {passkeysPossible()
        ? <form className={classes.narrow} noValidate onSubmit={event => { event.preventDefault(); void make() }}>
            <Stack>
              <TextInput label={t.name} description={t.nameText} value={name} maxLength={64} autoComplete="off" onChange={event => { setName(event.currentTarget.value) }} />
              <PasskeyTrouble problem={problem} />
              <Button type="submit" variant="light" loading={running}>{t.add}</Button>
            </Stack>
          </form>
        : <p className={classes.quiet}>{account.method.impossible}</p>}
      <Confirm
        opened={leaving !== null} title={t.removeTitle} action={common.remove} dangerous running={remove.running} failure={remove.failure} onClose={() => { setLeaving(null) }}
        onConfirm={() => { void remove.run({ credential: leaving!.credential }).then(done => { if (done) { setLeaving(null); reload() } }) }}
      >
        <p className={classes.note}>{t.removeText(visible(leaving?.name ?? ''))}</p>
      </Confirm>
    </Panel>
  )
}
