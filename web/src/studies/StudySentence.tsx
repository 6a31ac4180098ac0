import type { Study } from '../core/research'
import { useFormat } from '../text'
import { Filled } from '../text/Filled'
import { useResearchText } from '../text/research'
import { PartyName } from './Party'
import { askedFor, figuresOf } from './studies'

/** A study in one sentence, from what it declares. */
export function StudySentence({ study }: { study: Study }) {
  const { studies: t } = useResearchText()
  const format = useFormat()
  const what = askedFor(study)
  const n = figuresOf(study)
  return (
    <Filled text={t.sentence} parts={{
      researcher: <PartyName party={study.researcher} />, custodian: <PartyName party={study.custodian} />, until: <strong>{format.day(study.ends)}</strong>,
      what: what === 'both' ? t.what.both(n) : what === 'figures' ? t.what.figures(n) : t.what[what],
    }} />
  )
}
