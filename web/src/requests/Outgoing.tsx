import { Button } from '@mantine/core'
import { useState } from 'react'
import type { OutgoingRequest } from '../core/api'
import { Panel } from '../parts/Panel'
import { useFormat, useText } from '../text'
import { Claim } from './Claim'
import classes from './requests.module.css'

/** What this account has asked others for, and what came of it. */
export function Outgoing({ requests, onClaimed }: { requests: OutgoingRequest[], onClaimed: () => void }) {
  const { requests: t } = useText()
  const format = useFormat()
  const [claiming, setClaiming] = useState<string | null>(null)
  return (
    <Panel title={t.outgoing} text={requests.length === 0 ? t.noOutgoing : undefined}>
      <ul className={classes.cards}>
        {[...requests].reverse().map(request => {
          const isOpen = request.state === 'pending'
          const canClaim = request.state === 'approved' && request.grant !== null && !request.claimed
          return (
            <li key={request.request} className={classes.card} data-over={(!isOpen && !canClaim) || undefined}>
              <p className={classes.who}>
                <strong>{t.number(format.time(request.createdAt))}</strong>
                <span className={classes.badge} data-state={request.state}>{request.claimed ? t.claimed : t.states[request.state]}</span>
              </p>
              {isOpen && <p className={classes.meta}>{t.answerBy(format.time(request.expires))}</p>}
              {canClaim && claiming !== request.request && <Button size="sm" onClick={() => { setClaiming(request.request) }}>{t.claim}</Button>}
              {claiming === request.request && request.grant !== null && <Claim grant={request.grant} onClaimed={onClaimed} onClose={() => { setClaiming(null) }} />}
            </li>
          )
        })}
      </ul>
    </Panel>
  )
}
