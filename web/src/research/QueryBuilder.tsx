import { Button, Checkbox, NativeSelect, TextInput } from '@mantine/core'
import { type FormEvent } from 'react'
import type { Study } from '../core/research'
import { useOperation } from '../core/useCore'
import { Failure } from '../parts/Failure'
import { visible } from '../parts/visible'
import { spoken } from '../studies/studies'
import { useFormat } from '../text'
import { useResearchText } from '../text/research'
import { askable, costOf, faultOf, partsOf, precisions, textsOf, operandsFor, type Precision, type Query, type QueryFunction } from './query'
import classes from './research.module.css'
import { useRho } from './useRho'

interface Props { study: Study, query: Query, onChange: (query: Query) => void, left: number | null, isAsking: boolean, onAsk: () => void }

/** A query by hand: what is asked, of whom, how precisely; and its text and cost before it is asked. */
export function QueryBuilder({ study, query, onChange, left, isAsking, onAsk }: Props) {
  const { statistics: t } = useResearchText()
  const fault = faultOf(query)
  const change = (over: Partial<Query>) => { onChange({ ...query, ...over }) }
  const option = (name: string) => ({ value: name, label: visible(spoken(name)) })
  const choose = (ask: QueryFunction) => {
    const fitting = operandsFor(ask, study)
    change({ ask, variable: fitting.includes(query.variable) ? query.variable : fitting[0] ?? '' })
  }
  const parts = partsOf(query.ask)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (fault === null) onAsk()
  }
  return (
    <form className={classes.form} onSubmit={submit} noValidate>
      <NativeSelect label={t.fn} value={query.ask} data={askable(study).map(ask => ({ value: ask, label: t.functions[ask] }))}
        onChange={event => { choose(event.currentTarget.value as QueryFunction) }} />
      {parts.includes('variable') && (
        <NativeSelect label={query.ask === 'regression' ? t.explained : t.of} value={query.variable} data={operandsFor(query.ask, study).map(option)}
          onChange={event => { change({ variable: event.currentTarget.value }) }} />
      )}
      {parts.includes('other') && <NativeSelect label={t.and} value={query.other} data={study.variables.map(one => option(one.name))}
        onChange={event => { change({ other: event.currentTarget.value }) }} />}
      {parts.includes('quantile') && <TextInput label={t.quantile} inputMode="decimal" value={query.quantile} onChange={event => { change({ quantile: event.currentTarget.value }) }} />}
      {parts.includes('explaining') && (
        <fieldset className={classes.checks}>
          <legend>{t.explaining}</legend>
          {study.variables.filter(one => one.name !== query.variable).map(({ name }) => (
            <Checkbox key={name} label={visible(spoken(name))} checked={query.explaining.includes(name)}
              onChange={event => { change({ explaining: event.currentTarget.checked ? [...query.explaining, name] : query.explaining.filter(one => one !== name) }) }} />
          ))}
        </fieldset>
      )}
      {parts.includes('attributes') && (
        <div className={classes.pair}>
          <NativeSelect label={t.first} value={query.attributes[0]} data={study.attributes.map(one => option(one.name))}
            onChange={event => { change({ attributes: [event.currentTarget.value, query.attributes[1]] }) }} />
          <NativeSelect label={t.second} value={query.attributes[1]} data={study.attributes.map(one => option(one.name))}
            onChange={event => { change({ attributes: [query.attributes[0], event.currentTarget.value] }) }} />
        </div>
      )}
      {study.attributes.length > 0 && (
        <fieldset className={classes.checks}>
          <legend>{t.filters}</legend>
          {study.attributes.map(({ name, categories }) => (
            <NativeSelect key={name} label={visible(spoken(name))} value={query.filters[name] ?? ''} disabled={query.each === name} data={[{ value: '', label: t.any }, ...categories.map(option)]}
              onChange={event => {
                const { [name]: _, ...others } = query.filters
                change({ filters: event.currentTarget.value === '' ? others : { ...others, [name]: event.currentTarget.value } })
              }} />
          ))}
        </fieldset>
      )}
      <div className={classes.pair}>
        {study.attributes.length > 0 && (
          <NativeSelect label={t.each} value={query.each} data={[{ value: '', label: t.once }, ...study.attributes.map(one => option(one.name))]}
            onChange={event => { change({ each: event.currentTarget.value }) }} />
        )}
        <NativeSelect label={t.precision} value={query.precision} data={Object.keys(precisions).map(value => ({ value, label: t.precisions[value as Precision] }))}
          onChange={event => { change({ precision: event.currentTarget.value as Precision }) }} />
      </div>
      <p className={classes.dimmed}>{t.precisionHint}</p>
      {fault ? <p className={classes.fault} role="alert">{t.queryFaults[fault]}</p> : <Asked study={study} query={query} left={left} />}
      <div><Button type="submit" disabled={fault !== null} loading={isAsking}>{t.go}</Button></div>
    </form>
  )
}

/** The query as it is asked, and what it costs. */
function Asked({ study, query, left }: { study: Study, query: Query, left: number | null }) {
  const { statistics: t } = useResearchText()
  const rho = useRho(useFormat().locale)
  const texts = textsOf(query, study)
  const described = useOperation('statistics.describe', { study: study.study, queries: texts.map(one => one.text) })
  const cost = costOf(study.budget, query.precision) * texts.length
  const fault = described.data?.queries.find(one => one.fault !== null)?.fault
  return (
    <div>
      <h3 className={classes.small}>{t.text}</h3>
      <ul className={classes.queries} tabIndex={0} aria-label={t.text}>{texts.map(({ text }) => <li key={text}><code className={classes.query} dir="ltr">{text}</code></li>)}</ul>
      <p className={classes.text} role="status">{t.costs(rho(cost), texts.length)}{left !== null && cost > left && <> <strong>{t.tooDear}</strong></>}</p>
      {described.state === 'failed' && <Failure error={described.failure} onRetry={described.reload} />}
      {fault && <p className={classes.fault} role="alert">{t.notAsked} <span lang="en">{visible(fault)}</span></p>}
    </div>
  )
}
