import { Anchor, Button, Group } from '@mantine/core'
import { useState, type FormEvent } from 'react'
import { Link, useLocation } from 'wouter'
import type { Contact } from '../core/api'
import type { Study } from '../core/research'
import { useAction } from '../core/useCore'
import { Failure } from '../parts/Failure'
import { PageTitle } from '../parts/PageTitle'
import { Panel } from '../parts/Panel'
import { ProgressLine } from '../parts/ProgressLine'
import { useIdentity } from '../shell/session'
import { Details } from '../studies/Details'
import { StudySentence } from '../studies/StudySentence'
import { useResearchText } from '../text/research'
import { AboutFields } from './AboutFields'
import { AttributesEditor } from './AttributesEditor'
import { CopyFields } from './CopyFields'
import { emptyDeclaration, isComplete, termsOf, type Declaration } from './declaration'
import { ProtectionFields } from './ProtectionFields'
import classes from './research.module.css'
import { VariablesEditor } from './VariablesEditor'

/** Fills in a study, looks at it as patients will, signs it. */
export default function OpenStudyScreen() {
  const { research: t } = useResearchText()
  const [draft, setDraft] = useState(() => emptyDeclaration(new Date()))
  const [tried, setTried] = useState(false)
  const [custodian, setCustodian] = useState<Contact | null>(null)
  const resolve = useAction('contacts.resolve')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (isComplete(draft)) void resolve.run({ mail: draft.custodian.trim() }).then(setCustodian)
  }
  if (custodian) return <Review draft={draft} custodian={custodian} onBack={() => { setCustodian(null) }} />
  const fields = { draft, tried, onChange: (over: Partial<Declaration>) => { setDraft({ ...draft, ...over }) } }
  return (
    <>
      <Anchor component={Link} href="/research" className={classes.back}>{t.back}</Anchor>
      <PageTitle title={t.newTitle} text={t.newIntro} />
      <form onSubmit={submit} noValidate autoComplete="off">
        <AboutFields {...fields} />
        <CopyFields {...fields} />
        <VariablesEditor {...fields} />
        <AttributesEditor {...fields} />
        <ProtectionFields {...fields} />
        <div role="alert">{tried && !isComplete(draft) && <p className={classes.fault}>{t.notYet}</p>}</div>
        {resolve.failure && <Failure error={resolve.failure} />}
        <p><Button type="submit" loading={resolve.running}>{t.review}</Button></p>
      </form>
    </>
  )
}

/** The study as it will be signed, with the custodian's card as this browser has it pinned. */
function Review({ draft, custodian, onBack }: { draft: Declaration, custodian: Contact, onBack: () => void }) {
  const { research: t } = useResearchText()
  const identity = useIdentity()
  const [, navigate] = useLocation()
  const open = useAction('study.open')
  const terms = termsOf(draft)
  const study: Study = { ...terms, study: '', researcher: { ...identity, verified: true }, custodian, state: 'future', role: 'researcher', part: 'none' }
  const isOwn = custodian.account === identity.account
  return (
    <>
      <PageTitle title={study.title} text={t.reviewIntro} />
      <Panel><p className={classes.text}><StudySentence study={study} /></p></Panel>
      <Details study={study} />
      {isOwn && <p className={classes.fault} role="alert">{t.custodianHint}</p>}
      {open.running && <ProgressLine label={t.signing} part={null} />}
      {open.failure && <Failure error={open.failure} />}
      <Group>
        {!isOwn && <Button loading={open.running} onClick={() => { void open.run(terms).then(done => { if (done) navigate(`/research/${done.study}`) }) }}>{t.sign}</Button>}
        <Button variant="default" disabled={open.running} onClick={onBack}>{t.change}</Button>
      </Group>
    </>
  )
}
