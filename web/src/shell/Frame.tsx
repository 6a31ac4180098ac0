import { Drawer, UnstyledButton } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import { PersonName } from '../parts/PersonName'
import { IconLock, IconMenu2 } from '../parts/icons'
import { useText } from '../text'
import { Banners } from './Banners'
import { RefusedPage, usePageAlarm } from './PageCheck'
import classes from './Frame.module.css'
import { BottomBar, Navigation } from './Navigation'
import { useIdentity, useSession } from './session'
import { SchemeSwitch, LanguageSwitch } from './Switches'
import { Wordmark } from './Wordmark'

/** What stands around every screen of an unlocked account: navigation, banners, the lock. */
export function Frame({ children }: { children: ReactNode }) {
  const t = useText()
  const { lock } = useSession()
  const identity = useIdentity()
  const [menu, setMenu] = useState(false)
  const close = () => { setMenu(false) }
  const alarm = usePageAlarm()
  if (alarm) return <RefusedPage alarm={alarm} />
  const lockButton = (
    <UnstyledButton className={classes.lock} onClick={lock}>
      <IconLock size={20} aria-hidden /><span>{t.shell.lock}</span>
    </UnstyledButton>
  )
  const own = (
    <div className={classes.own}>
      <PersonName mail={identity.mail} organisation={identity.organisation} />
      <div className={classes.switches}><LanguageSwitch /><SchemeSwitch /></div>
      {lockButton}
    </div>
  )
  return (
    <div className={classes.frame}>
      <a className={classes.skip} href="#content" onClick={skip}>{t.shell.skip}</a>
      <section className={classes.top} aria-label={t.common.salus}>
        <Wordmark />
        <div className={classes.topActions}>
          <UnstyledButton className={classes.round} onClick={lock} aria-label={t.shell.lock}><IconLock size={22} aria-hidden /></UnstyledButton>
          <UnstyledButton className={classes.round} onClick={() => { setMenu(true) }} aria-label={t.shell.nav.menu} aria-expanded={menu}><IconMenu2 size={22} aria-hidden /></UnstyledButton>
        </div>
      </section>
      <aside className={classes.side}>
        <div className={classes.brand}><Wordmark /></div>
        <Navigation />
        {own}
      </aside>
      <div className={classes.middle}>
        <Banners />
        <main id="content" className={classes.main} tabIndex={-1}>{children}</main>
      </div>
      <BottomBar onMore={() => { setMenu(true) }} />
      <Drawer opened={menu} onClose={close} position="right" size="20rem" title={t.shell.nav.menu} closeButtonProps={{ 'aria-label': t.common.close }}>
        <Navigation onGo={close} />
        {own}
      </Drawer>
    </div>
  )
}

/** The address holds the route, so the link moves the focus by itself. */
function skip(event: { preventDefault: () => void }): void {
  event.preventDefault()
  document.getElementById('content')?.focus()
}
