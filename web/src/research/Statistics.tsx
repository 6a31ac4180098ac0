import { useRef, useState } from 'react'
import type { Estimate, StatisticsAnswer, Study } from '../core/research'
import { asFailure, useCore, useOperation } from '../core/useCore'
import type { CoreFailure } from '../core/api'
import { Failure } from '../parts/Failure'
import { Loading } from '../parts/Loading'
import { Panel } from '../parts/Panel'
import { ProgressLine } from '../parts/ProgressLine'
import { useResearchText } from '../text/research'
import { BudgetMeter } from './BudgetMeter'
import { Participants } from './Participants'
import { costOf, emptyQuery, textsOf, type Query } from './query'
import { QueryBuilder } from './QueryBuilder'
import classes from './research.module.css'
import { grouped, resultOf, type Result } from './results'
import { ResultList } from './ResultList'

/** The budget, the query, and the answers of this session. */
export function Statistics({ study }: { study: Study }) {
  const { statistics: t } = useResearchText()
  const core = useCore()
  const [query, setQuery] = useState<Query>(() => emptyQuery(study))
  const [asking, setAsking] = useState<{ at: number, of: number } | null>(null)
  const [failure, setFailure] = useState<CoreFailure | null>(null)
  const [results, setResults] = useState<Result[]>([])
  const [count, setCount] = useState<Estimate | null>(null)
  const stop = useRef<AbortController | null>(null)
  const hasRows = study.variables.length + study.attributes.length > 0
  const budget = useOperation('study.budget', { study: study.study })
  const texts = textsOf(query, study)
  const cost = costOf(study.budget, query.precision)

  /** Asks one text after the other; what was answered before something went wrong is paid for, and given back. */
  const ask = async (of: { label: string, text: string }[], price: number) => {
    const answers: { label: string, answer: StatisticsAnswer }[] = []
    stop.current = new AbortController()
    setFailure(null)
    try {
      for (const [at, { label, text }] of of.entries()) {
        setAsking({ at: at + 1, of: of.length })
        answers.push({ label, answer: await core.call('statistics.ask', { study: study.study, query: text, cost: price }, { signal: stop.current.signal }) })
      }
    } catch (problem) {
      setFailure(asFailure(problem))
    } finally {
      setAsking(null)
      budget.reload()
    }
    return answers
  }
  const askQuery = async () => {
    const answers = await ask(texts, cost)
    const [first] = answers
    if (!first) return
    if (query.ask === 'count' && texts.length === 1 && Object.keys(query.filters).length === 0) setCount(first.answer.estimates[0] ?? null)
    setResults(before => [texts.length > 1 ? grouped(textsOf({ ...query, each: '' }, study)[0]!.text, query.each, answers) : resultOf(first.answer), ...before])
  }
  const askCount = async () => {
    const [first] = await ask([{ label: '', text: 'count()' }], costOf(study.budget, 'coarse'))
    if (first) setCount(first.answer.estimates[0] ?? null)
  }
  if (!hasRows || study.budget === 0) return <Panel title={t.cohort}><p className={classes.dimmed}>{t.onlyCustodianNone} {t.budgetNone}</p></Panel>
  return (
    <>
      <Participants study={study} count={count} isAsking={asking !== null} onAsk={() => { void askCount() }} />
      <Panel title={t.budgetTitle}>
        {budget.state === 'failed' && <Failure error={budget.failure} onRetry={budget.reload} />}
        {budget.state === 'loading' && !budget.data && <Loading />}
        {budget.data && <BudgetMeter budget={budget.data} cost={cost * texts.length} />}
      </Panel>
      <Panel title={t.ask}>
        <QueryBuilder study={study} query={query} onChange={setQuery} left={budget.data ? budget.data.total - budget.data.spent : null} isAsking={asking !== null} onAsk={() => { void askQuery() }} />
        {asking && (
          <ProgressLine label={asking.of > 1 ? t.askingNth(asking.at, asking.of) : t.asking} part={asking.of > 1 ? (asking.at - 1) / asking.of : null} onCancel={() => { stop.current?.abort() }} />
        )}
        {failure && <Failure error={failure} />}
      </Panel>
      <Panel title={t.results}>{results.length > 0 ? <ResultList results={results} /> : <p className={classes.dimmed}>{t.resultsNone}</p>}</Panel>
    </>
  )
}
