import { Anchor, Button } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import { Link } from 'wouter'
import type { Deposit, Grant } from '../core/api'
import { useOperation } from '../core/useCore'
import { useRefresh } from '../home/useRefresh'
import { EmptyState } from '../parts/EmptyState'
import { Failure } from '../parts/Failure'
import { IconClock, IconPlus, IconShare2 } from '../parts/icons'
import { Loading } from '../parts/Loading'
import { PageTitle } from '../parts/PageTitle'
import { Panel } from '../parts/Panel'
import { Notes } from '../search/Notes'
import { useFormat, useText } from '../text'
import { arranged, endsSoon } from './grants'
import { PermissionCard } from './PermissionCard'
import { RevokeDialog } from './RevokeDialog'
import classes from './sharing.module.css'

/** Everybody who sees or may add something of this account's: until when, why, and the way to end it. */
export default function GrantsScreen() {
  const { sharing: t } = useText()
  const given = useOperation('grants', {})
  useRefresh(given.reload)
  const [ending, setEnding] = useState<Grant | Deposit | null>(null)
  return (
    <>
      <PageTitle title={t.title} text={t.intro}>
        <Button component={Link} href="/sharing/new" leftSection={<IconPlus size={18} aria-hidden />}>{t.newShare}</Button>
        <Button component={Link} href="/sharing/new?kind=deposit" variant="default">{t.newDeposit}</Button>
      </PageTitle>
      {given.state === 'failed' && <Failure error={given.failure} onRetry={given.reload} />}
      {given.state === 'loading' && !given.data && <Loading />}
      {given.data && <Overview {...given.data} onRevoke={setEnding} />}
      {given.data && <Received />}
      {ending && <RevokeDialog permission={ending} onClose={() => { setEnding(null) }} onRevoked={given.reload} />}
    </>
  )
}

interface OverviewProps { grants: Grant[], deposits: Deposit[], complaints: string[], onRevoke: (permission: Grant | Deposit) => void }

function Overview({ grants, deposits, complaints, onRevoke }: OverviewProps) {
  const { sharing: t } = useText()
  const now = new Date()
  const all = arranged(grants, deposits)
  const soon = [...grants, ...deposits].filter(permission => endsSoon(permission, now)).length
  const cards = (permissions: (Grant | Deposit)[]) => (
    <ul className={classes.cards}>{permissions.map(permission => <PermissionCard key={permission.grant} permission={permission} now={now} onRevoke={onRevoke} />)}</ul>
  )
  const section = (title: string, permissions: (Grant | Deposit)[]): ReactNode => (permissions.length > 0 ? <Panel title={title}>{cards(permissions)}</Panel> : null)
  return (
    <>
      <Notes title={t.notes} notes={complaints} />
      {soon > 0 && <p className={classes.soonBanner}><IconClock size={20} aria-hidden />{t.endsSoonTitle(soon)}</p>}
      {all.live.length + all.waiting.length === 0 && <div className={classes.nobody}><EmptyState icon={<IconShare2 size={32} />} title={t.nobody} text={t.nobodyWhat} /></div>}
      {section(t.live, all.live)}
      {section(t.future, all.waiting)}
      {section(t.deposits, all.deposits)}
      {all.over.length > 0 && <details className={classes.ended}><summary>{t.ended(all.over.length)}</summary>{cards(all.over)}</details>}
    </>
  )
}

/** What others have granted: how many, and the way there. */
function Received() {
  const { sharing: t } = useText()
  const format = useFormat()
  const shared = useOperation('shared', {})
  const owners = new Set(shared.data?.grants.filter(grant => grant.state === 'live').map(grant => grant.account)).size
  return (
    <Panel title={t.receivedLink} action={<Anchor component={Link} href="/patients">{t.receivedOpen}</Anchor>}>
      {shared.state === 'failed' && <Failure error={shared.failure} onRetry={shared.reload} />}
      {shared.data && <p className={classes.plain}>{t.receivedCount(owners, format.number(owners))}</p>}
    </Panel>
  )
}
