import { useEffect, useState } from 'react'
import { findHome, type Home } from '../core/home'
import { CopyButton } from '../parts/CopyButton'
import { Loading } from '../parts/Loading'
import { Panel } from '../parts/Panel'
import { useSession } from '../shell/session'
import { useText } from '../text'
import { LoggedPage } from './LoggedPage'
import classes from './settings.module.css'

/** Which page this is, and whose code one trusts by using it. */
export function AboutPanel() {
  const { settings: { about: t }, shell } = useText()
  const { cloud } = useSession()
  const [home, setHome] = useState<Home | null>(null)
  useEffect(() => {
    let gone = false
    void findHome().then(found => { if (!gone) setHome(found) })
    return () => { gone = true }
  }, [])
  return (
    <Panel title={t.title}>
      {home ? (
        <>
          <p className={classes.from}>
            <strong>{home.from === 'cloud' ? t.fromCloud : t.fromClient}</strong>
            {home.from === 'cloud' ? t.fromCloudText : t.fromClientText}
          </p>
          <dl className={classes.facts}>
            <dt>{t.version}</dt><dd>{home.version ?? t.unknown}{home.build === 'development' && ` ${t.development}`}</dd>
            {home.manifest !== null && <><dt>{t.log}</dt><dd><LoggedPage manifest={home.manifest} own={home.from === 'client'} /></dd></>}
            <dt>{t.cloud}</dt><dd><bdi dir="ltr">{cloud}</bdi></dd>
            <dt>{t.page}</dt>
            <dd>{home.page ? <><code>{home.page.match(/.{8}/g)?.join(' ')}</code><div><CopyButton text={home.page} label={shell.copyFingerprint} /></div></> : t.unknown}</dd>
          </dl>
        </>
      ) : <Loading />}
    </Panel>
  )
}
