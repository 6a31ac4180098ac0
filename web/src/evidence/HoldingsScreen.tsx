import { Anchor, Button } from '@mantine/core'
import { useEffect, useMemo, useState } from 'react'
import { Link, useParams } from 'wouter'
import type { CoreFailure, Holding, RecordSummary } from '../core/api'
import { asFailure, useCore, useOperation } from '../core/useCore'
import { Failure } from '../parts/Failure'
import { Foreign } from '../parts/Foreign'
import { IconRefresh } from '../parts/icons'
import { Loading } from '../parts/Loading'
import { PageTitle } from '../parts/PageTitle'
import { Panel } from '../parts/Panel'
import { PartitionBadge } from '../parts/PartitionBadge'
import { visible } from '../parts/visible'
import { SequenceKeyForm } from '../records/SequenceKeyForm'
import { useFormat, useText } from '../text'
import classes from './Evidence.module.css'
import { byParty } from './holdings'
import { PartyPanel } from './PartyPanel'

/** Beside what the owner sees of a record, the bytes that each server holds of it. */
export default function HoldingsScreen() {
  const { record } = useParams<{ record: string }>()
  const { evidence: t } = useText()
  const shown = useOperation('show', { record })
  return (
    <>
      <PageTitle title={t.title} text={shown.data ? t.intro(visible(shown.data.name)) : undefined} />
      {shown.state === 'failed' ? <Failure error={shown.failure} onRetry={shown.reload} /> : shown.data ? <Held key={record} summary={shown.data} /> : <Loading />}
      <p><Anchor component={Link} href={`/record/${record}`}>{t.back}</Anchor></p>
    </>
  )
}

/** Of each holding: a fragment's header and some of its ciphertext. */
const limit = 16_384

function Held({ summary }: { summary: RecordSummary }) {
  const { common, evidence: t } = useText()
  const format = useFormat()
  const core = useCore()
  const [key, setKey] = useState<string | null>(null)
  const [holdings, setHoldings] = useState<Holding[]>([])
  const [asking, setAsking] = useState(true)
  const [failure, setFailure] = useState<CoreFailure | null>(null)
  const [round, setRound] = useState(0)
  const waits = summary.needsSequenceKey && key === null
  useEffect(() => {
    if (waits) return
    const stop = new AbortController()
    setHoldings([])
    setAsking(true)
    setFailure(null)
    core.call('holdings', { record: summary.record, sequenceKey: key, limit }, {
      signal: stop.signal,
      onReport: ({ holding }) => { if (!stop.signal.aborted) setHoldings(before => [...before, holding]) },
    }).then(
      answer => { if (!stop.signal.aborted) { setHoldings(answer.holdings); setAsking(false) } },
      (problem: unknown) => { if (!stop.signal.aborted) { setFailure(asFailure(problem)); setAsking(false) } })
    return () => { stop.abort() }
  }, [core, summary.record, key, waits, round])
  const parties = useMemo(() => byParty(holdings), [holdings])

  return (
    <>
      <Panel title={t.yours}>
        <dl className={classes.yours}>
          <div><dt>{t.name}</dt><dd><strong><Foreign text={summary.name} /></strong> <PartitionBadge partition={summary.partition} /></dd></div>
          <div><dt>{t.type}</dt><dd><Foreign text={summary.mediaType} /></dd></div>
          <div><dt>{t.size}</dt><dd>{format.bytes(summary.bytes)}</dd></div>
          <div><dt>{t.writtenBy}</dt><dd>{summary.source === 'you' ? common.you : <Foreign text={summary.source} />}, {format.time(summary.sealedAt)}</dd></div>
          <div><dt>{t.keywords}</dt><dd>{summary.keywords.length > 0 ? <Foreign text={format.list(summary.keywords)} /> : t.none}</dd></div>
        </dl>
      </Panel>
      {waits && <><p>{t.keyText}</p><SequenceKeyForm failure={null} onKey={setKey} /></>}
      {!waits && (
        <>
          <div className={classes.head}>
            <h2>{t.theirs}</h2>
            <Button variant="default" size="sm" disabled={asking} onClick={() => { setRound(round + 1) }} leftSection={<IconRefresh size={16} aria-hidden />}>{t.again}</Button>
          </div>
          <p role="status" className={classes.state}>
            {asking ? `${t.asking}. ${t.asked(holdings.length)}` : failure ? ''
              : t.summary(parties.filter(party => party.total > 0).length, format.bytes(parties.reduce((sum, party) => sum + party.total, 0)))}
          </p>
          {failure && <Failure error={failure} onRetry={() => { if (failure.error.code.startsWith('sequence-key-')) setKey(null); else setRound(round + 1) }} />}
          {parties.map(party => <PartyPanel key={`${party.role} ${party.party}`} party={party} />)}
        </>
      )}
    </>
  )
}
