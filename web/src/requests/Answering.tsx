import { Button } from '@mantine/core'
import { useState } from 'react'
import type { IncomingRequest, Proposal } from '../core/api'
import { useAction } from '../core/useCore'
import { Failure } from '../parts/Failure'
import { PageTitle } from '../parts/PageTitle'
import { Panel } from '../parts/Panel'
import { Foreign } from '../parts/Foreign'
import { Notes } from '../search/Notes'
import { beginningOf } from '../sharing/days'
import { emptyDraft, withRole, type Draft } from '../sharing/draft'
import { Review } from '../sharing/Review'
import { SentenceForm } from '../sharing/SentenceForm'
import { useText } from '../text'
import { askerOf } from './Incoming'
import classes from './requests.module.css'

/** Approves a request: which parts and until when, then the whole sentence and the fingerprint, then the code goes out. */
export function Answering({ request, onDone }: { request: IncomingRequest, onDone: () => void }) {
  const { common, requests: t, sharing } = useText()
  const [draft, setDraft] = useState(() => withRole(emptyDraft('share', new Date()), request.role ?? 'doctor', new Date()))
  const [proposal, setProposal] = useState<Proposal | null>(null)
  const [done, setDone] = useState<{ complaints: string[] } | null>(null)
  const propose = useAction('request.propose')
  const ask = ({ partitions, until }: Draft) => {
    void propose.run({ request: request.request, partitions, until: until && beginningOf(until) }).then(setProposal)
  }
  if (done)
    return (
      <>
        <PageTitle title={t.approved} text={t.approvedWhat} />
        <Notes title={sharing.notes} notes={done.complaints} />
        <Button onClick={onDone}>{common.back}</Button>
      </>
    )
  return (
    <>
      <PageTitle title={t.approveTitle} text={t.approveIntro}><Button variant="default" onClick={onDone}>{common.back}</Button></PageTitle>
      {request.reason !== null && <blockquote className={classes.reason} aria-label={t.reason} dir="auto"><Foreign text={request.reason} /></blockquote>}
      {proposal
        ? <Review proposal={proposal} operation="request.approve" action={t.approveNow} working={t.approving} onBack={() => { setProposal(null) }} onDone={setDone} />
        : (
          <Panel>
            <SentenceForm
              draft={draft} onChange={setDraft} onDone={ask} running={propose.running} text={t.sentence}
              fixed={{ person: <strong><bdi>{askerOf(request, t)}</bdi></strong>, role: request.role ? common.roles[request.role] : '' }}
            />
            {propose.failure && <Failure error={propose.failure} />}
          </Panel>
        )}
    </>
  )
}
