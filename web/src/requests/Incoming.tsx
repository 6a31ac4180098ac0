import { Anchor, Button, Group } from '@mantine/core'
import { useState } from 'react'
import { Link } from 'wouter'
import type { IncomingRequest } from '../core/api'
import { useAction } from '../core/useCore'
import { Confirm } from '../parts/Confirm'
import { EmptyState } from '../parts/EmptyState'
import { Fingerprint } from '../parts/Fingerprint'
import { Foreign } from '../parts/Foreign'
import { IconAlertTriangle, IconInbox, IconShieldCheck } from '../parts/icons'
import { Panel } from '../parts/Panel'
import { visible } from '../parts/visible'
import { useFormat, useText, type Catalogue } from '../text'
import { Filled } from '../text/Filled'
import classes from './requests.module.css'

interface Props { requests: IncomingRequest[], onAnswer: (request: IncomingRequest) => void, onDenied: () => void }

/** What others ask of this account. */
export function Incoming({ requests, onAnswer, onDenied }: Props) {
  const { requests: t } = useText()
  const deny = useAction('request.deny')
  const [denying, setDenying] = useState<IncomingRequest | null>(null)
  const refuse = (request: IncomingRequest) => {
    void deny.run({ request: request.request }).then(done => {
      if (!done) return
      setDenying(null)
      onDenied()
    })
  }
  return (
    <Panel title={t.incoming} action={<Anchor component={Link} href="/settings">{t.phoneLink}</Anchor>}>
      {requests.length === 0 && <EmptyState icon={<IconInbox size={32} />} title={t.noIncoming} text={t.noIncomingWhat} />}
      <ul className={classes.cards}>
        {[...requests].reverse().map(request => <OneRequest key={request.request} request={request} onAnswer={onAnswer} onDeny={setDenying} />)}
      </ul>
      <Confirm
        opened={denying !== null} title={t.denyTitle} action={t.deny} dangerous running={deny.running} failure={deny.failure} onClose={() => { setDenying(null) }}
        onConfirm={() => { if (denying) refuse(denying) }}
      >{t.denyWhat}</Confirm>
    </Panel>
  )
}

/** A mail address that this browser knows, else the account's number. */
export const askerOf = ({ from, account }: IncomingRequest, t: Catalogue['requests']): string => (from?.includes('@') ? visible(from) : account ? t.account(account) : t.unknownAsker)

function OneRequest({ request, onAnswer, onDeny }: { request: IncomingRequest, onAnswer: (request: IncomingRequest) => void, onDeny: (request: IncomingRequest) => void }) {
  const { common, requests: t } = useText()
  const format = useFormat()
  const { state, role, reason, keywords, fingerprint, verified, unopened } = request
  const isOpen = state === 'pending' || state === 'approved'
  const asker = askerOf(request, t)
  const approve = state === 'approved' ? t.approveAgain : t.approve
  return (
    <li className={classes.card} data-over={!isOpen || undefined}>
      <p className={classes.who}>
        {role ? <Filled text={t.asks} parts={{ person: <strong><bdi>{asker}</bdi></strong>, role: common.roles[role] }} /> : <strong>{asker}</strong>}
        <span className={classes.badge} data-state={state}>{t.states[state]}</span>
      </p>
      {reason !== null && <blockquote className={classes.reason} aria-label={t.reason} dir="auto"><Foreign text={reason} /></blockquote>}
      {keywords.length > 0 && <p className={classes.meta}>{t.keywords}: <bdi>{format.list(keywords.map(visible))}</bdi></p>}
      <p className={classes.meta}>{t.asked(format.time(request.createdAt))}, {isOpen ? t.answerBy(format.time(request.expires)) : t.over(format.day(request.expires))}</p>
      {unopened !== null && isOpen && <p className={classes.meta}>{t.unopened}: <span lang="en"><Foreign text={unopened} /></span>. {t.canStillRefuse}</p>}
      {isOpen && fingerprint && (
        <>
          <p className={classes.verified} data-verified={verified || undefined}>
            {verified ? <IconShieldCheck size={18} aria-hidden /> : <IconAlertTriangle size={18} aria-hidden />}{verified ? t.verified : t.notVerified}
          </p>
          <details className={classes.fingerprint}><summary>{t.compare}</summary><Fingerprint fingerprint={fingerprint} label={asker} /></details>
        </>
      )}
      {isOpen && (
        <Group>
          {unopened === null && <Button size="sm" aria-label={`${approve} ${asker}`} onClick={() => { onAnswer(request) }}>{approve}</Button>}
          <Button size="sm" variant="default" aria-label={`${t.deny}: ${asker}`} onClick={() => { onDeny(request) }}>{t.deny}</Button>
        </Group>
      )}
    </li>
  )
}
