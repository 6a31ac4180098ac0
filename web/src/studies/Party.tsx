import type { StudyParty } from '../core/research'
import { Foreign } from '../parts/Foreign'
import { Fingerprint } from '../parts/Fingerprint'
import { PersonName } from '../parts/PersonName'
import { visible } from '../parts/visible'
import { useResearchText } from '../text/research'

/** An address where one is pinned, else the number of the account: an organisation has chosen its name itself. */
export function useAddressOf(): (party: StudyParty) => string {
  const { studies: t } = useResearchText()
  return party => party.mail ?? t.account(party.account)
}

/** Somebody within a sentence. */
export function PartyName({ party }: { party: StudyParty }) {
  const addressOf = useAddressOf()
  return <strong>{party.organisation ? <><Foreign text={party.organisation} /> (<Foreign text={addressOf(party)} />)</> : <Foreign text={addressOf(party)} />}</strong>
}

/** Somebody with the fingerprint that proves who it is. */
export function WholeParty({ party }: { party: StudyParty }) {
  const { studies: t } = useResearchText()
  const addressOf = useAddressOf()
  return (
    <>
      <PersonName mail={addressOf(party)} organisation={party.organisation} verified={party.verified} />
      <Fingerprint fingerprint={party.fingerprint} label={t.fingerprint(visible(party.organisation ?? addressOf(party)))} />
    </>
  )
}
