import type { Study } from '../core/research'
import { Foreign } from '../parts/Foreign'
import { Panel } from '../parts/Panel'
import { ValueTable } from '../parts/ValueTable'
import { visible } from '../parts/visible'
import { unitOf } from '../parts/unit'
import { useFormat, useText } from '../text'
import { useResearchText } from '../text/research'
import { WholeParty } from './Party'
import classes from './studies.module.css'
import { figuresOf, spoken } from './studies'

/** What, why, who, until when: all that a study declares, in words. */
export function Details({ study }: { study: Study }) {
  const { studies: t } = useResearchText()
  const format = useFormat()
  return (
    <>
      <Panel title={t.why}><p className={classes.text}><Foreign text={study.purpose} /></p></Panel>
      <Leaves study={study} />
      <Panel title={t.who}>
        <dl className={classes.parties}>
          <div><dt>{t.asks}</dt><dd><WholeParty party={study.researcher} /></dd></div>
          <div><dt>{t.guards}</dt><dd><WholeParty party={study.custodian} /></dd></div>
        </dl>
        <p className={classes.text}>{t.guardsText}</p>
      </Panel>
      <Panel title={t.until}><p className={classes.text}>{t.untilText(format.day(study.opens), format.day(study.ends))}</p></Panel>
      <Protection study={study} />
    </>
  )
}

function Leaves({ study }: { study: Study }) {
  const { records: { fhir } } = useText()
  const { research, studies: t } = useResearchText()
  const format = useFormat()
  const columns = [...new Set([...study.quasiIdentifiers.map(one => one.column), study.sensitive])].filter(Boolean).map(column => (Object.hasOwn(research.columnNames, column) ? research.columnNames[column]! : visible(column)))
  const typeOf = (type: string) => (Object.hasOwn(fhir.types, type) ? fhir.types[type]! : visible(type))
  return (
    <Panel title={t.leaves}>
      {study.resources.length > 0
        ? (
          <>
            <p className={classes.text}>{t.leavesCopy}</p>
            <ul className={classes.points}>{study.resources.map(type => <li key={type}>{typeOf(type)}</li>)}</ul>
            {study.rules === '' && <p className={classes.text}>{t.leavesDates}</p>}
            {columns.length > 0 && <p className={classes.text}>{t.leavesColumns(format.list(columns))}</p>}
          </>
        )
        : <p className={classes.text}>{t.leavesNoCopy}</p>}
      {figuresOf(study) > 0 && <p className={classes.text}>{t.leavesRow}</p>}
      {study.variables.length > 0 && (
        <ValueTable label={t.figures} head={[t.figure, t.range, t.unit]} rows={study.variables.map(({ name, lower, upper, unit }) => [
          visible(spoken(name)), t.interval(format.number(lower), format.number(upper)), visible(unitOf(unit)),
        ])} />
      )}
      {study.attributes.length > 0 && (
        <ValueTable label={t.properties} head={[t.property, t.values]}
          rows={study.attributes.map(({ name, categories }) => [visible(spoken(name)), format.list(categories.map(one => visible(spoken(one))))])} />
      )}
      {study.rules === '' || study.resources.length === 0 ? <p className={classes.never}>{t.leavesNever}</p> : <p className={classes.ownRules}>{t.leavesOwnRules}</p>}
      <p className={classes.text}>{t.leavesWho}</p>
    </Panel>
  )
}

function Protection({ study }: { study: Study }) {
  const { studies: t } = useResearchText()
  const format = useFormat()
  const { k, l, t: distance, minimumCohort } = study.release
  const percent = new Intl.NumberFormat(format.locale, { style: 'percent', maximumFractionDigits: 1 })
  return (
    <Panel title={t.protection}>
      <ul className={classes.points}>
        {study.resources.length > 0 && <li>{t.protectionK(k)}</li>}
        {study.sensitive && l > 1 && <li>{t.protectionL(l)}</li>}
        {study.sensitive && distance < 1 && <li>{t.protectionT(percent.format(distance))}</li>}
        <li>{t.protectionCohort(minimumCohort)}</li>
        <li>{study.budget > 0 ? t.protectionBudget(format.number(study.budget)) : t.protectionNone}</li>
      </ul>
      <details>
        <summary>{t.technical}</summary>
        <p className={classes.dimmed}>{t.number}: <bdi dir="ltr">{study.study}</bdi></p>
        {study.rules && <pre className={classes.rules} tabIndex={0} lang="en">{visible(study.rules)}</pre>}
      </details>
    </Panel>
  )
}
