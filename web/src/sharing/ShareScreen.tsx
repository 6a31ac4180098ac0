import { Button, Group, SegmentedControl } from '@mantine/core'
import { useState } from 'react'
import { Link } from 'wouter'
import type { Proposal } from '../core/api'
import { useAction } from '../core/useCore'
import { Failure } from '../parts/Failure'
import { PageTitle } from '../parts/PageTitle'
import { Panel } from '../parts/Panel'
import { Notes } from '../search/Notes'
import { useQuery } from '../shell/place'
import { useText } from '../text'
import { depositArguments, emptyDraft, shareArguments, type Draft } from './draft'
import { Review } from './Review'
import { SentenceForm } from './SentenceForm'
import classes from './sharing.module.css'

/** Shares records, or lets somebody add some: fill in the sentence, read it once more, confirm. `?kind=deposit&to=MAIL` begins it. */
export default function ShareScreen() {
  const link = useQuery()
  return <Sharing key={link.toString()} kind={link.get('kind') === 'deposit' ? 'deposit' : 'share'} to={link.get('to') ?? ''} />
}

function Sharing({ kind: firstKind, to: firstTo }: { kind: Draft['kind'], to: string }) {
  const { sharing: t } = useText()
  const [draft, setDraft] = useState(() => emptyDraft(firstKind, new Date(), firstTo))
  const [proposal, setProposal] = useState<Proposal | null>(null)
  const [done, setDone] = useState<{ complaints: string[] } | null>(null)
  const share = useAction('share.propose')
  const deposit = useAction('deposit.propose')
  const isDeposit = draft.kind === 'deposit'
  const asked = isDeposit ? deposit : share

  const begin = (kind: Draft['kind'], to = '') => {
    setDraft(emptyDraft(kind, new Date(), to))
    setProposal(null)
    setDone(null)
  }
  const propose = (filled: Draft) => {
    void (filled.kind === 'deposit' ? deposit.run(depositArguments(filled)) : share.run(shareArguments(filled))).then(setProposal)
  }
  if (done) return <Done isDeposit={isDeposit} complaints={done.complaints} onAnother={() => { begin(draft.kind) }} />
  return (
    <>
      <PageTitle title={isDeposit ? t.depositTitle : t.shareTitle} text={isDeposit ? t.depositIntro : t.shareIntro} />
      {proposal ? (
        <Review
          proposal={proposal} operation="share.confirm" action={isDeposit ? t.confirmDeposit : t.confirmShare} working={isDeposit ? t.allowing : t.confirming} onBack={() => { setProposal(null) }}
          onDone={setDone}
        />
      ) : (
        <Panel>
          <SegmentedControl
            className={classes.kind} aria-label={t.kind} value={draft.kind} onChange={kind => { begin(kind, draft.to) }}
            data={[{ value: 'share', label: t.kindShare }, { value: 'deposit', label: t.kindDeposit }]}
          />
          {!isDeposit && <p className={classes.hint}>{t.roleSets}</p>}
          <SentenceForm key={draft.kind} draft={draft} onChange={setDraft} onDone={propose} running={asked.running} text={isDeposit ? t.depositSentence : t.sentence} />
          <div role="status">{asked.running ? t.proposing : ''}</div>
          {asked.failure && <Failure error={asked.failure} />}
        </Panel>
      )}
    </>
  )
}

function Done({ isDeposit, complaints, onAnother }: { isDeposit: boolean, complaints: string[], onAnother: () => void }) {
  const { sharing: t } = useText()
  return (
    <>
      <PageTitle title={isDeposit ? t.doneDeposit : t.doneShare} text={isDeposit ? t.doneDepositWhat : t.doneShareWhat} />
      <Notes title={t.notes} notes={complaints} />
      <Group mt="lg">
        <Button component={Link} href="/sharing">{t.toOverview}</Button>
        <Button variant="default" onClick={onAnother}>{t.another}</Button>
      </Group>
    </>
  )
}
