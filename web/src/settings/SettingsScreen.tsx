import { useState } from 'react'
import { KitSteps } from '../account/KitSteps'
import { Fingerprint } from '../parts/Fingerprint'
import { PageTitle } from '../parts/PageTitle'
import { Panel } from '../parts/Panel'
import { PersonName } from '../parts/PersonName'
import { useIdentity } from '../shell/session'
import { LanguageSwitch, SchemeSwitch } from '../shell/Switches'
import { useText } from '../text'
import { AboutPanel } from './AboutPanel'
import { DevicesPanel } from './DevicesPanel'
import { KitPanel } from './KitPanel'
import { LeavePanel } from './LeavePanel'
import { PassphrasePanel } from './PassphrasePanel'
import { PasskeysPanel } from './PasskeysPanel'
import { PhonePanel } from './PhonePanel'
import classes from './settings.module.css'

/** The account: who one is, what opens it, where it is open, how one is found. */
export default function SettingsScreen() {
  const { settings: t } = useText()
  const identity = useIdentity()
  const [kit, setKit] = useState<string | null>(null)
  const [renewed, setRenewed] = useState(false)
  if (kit) return <Panel key="kit"><KitSteps kit={kit} mail={identity.mail} replaces onProven={() => { setKit(null); setRenewed(true) }} /></Panel>
  return (
    <div key="settings">
      <PageTitle title={t.title} />
      <Panel title={t.identity.title} text={t.identity.text}>
        <div className={classes.own}><PersonName mail={identity.mail} organisation={identity.organisation} /></div>
        <Fingerprint fingerprint={identity.fingerprint} label={t.identity.yours} withQr />
      </Panel>
      <Panel title={t.look.title}><div className={classes.pair}><LanguageSwitch labelled /><SchemeSwitch labelled /></div></Panel>
      <PasskeysPanel />
      <PassphrasePanel mail={identity.mail} />
      <KitPanel renewed={renewed} onRenewed={setKit} />
      <DevicesPanel />
      <PhonePanel />
      <LeavePanel />
      <AboutPanel />
    </div>
  )
}
