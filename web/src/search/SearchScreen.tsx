import { Button } from '@mantine/core'
import { PageTitle } from '../parts/PageTitle'
import { visible } from '../parts/visible'
import { useIdentity } from '../shell/session'
import { useText } from '../text'
import { Answer } from './Answer'
import classes from './search.module.css'
import { SearchForm } from './SearchForm'
import { Syntax } from './Syntax'
import { firstLimit, useFind } from './useFind'

/** Searches own records and those of others in this browser. The query is nowhere but in memory: not in the address, not in the history. */
export default function SearchScreen() {
  const { search: t } = useText()
  const { account } = useIdentity()
  const find = useFind('')
  const { search, type, ask, cancel } = find
  const go = (query: string) => { ask({ query, owner: search.asked?.owner ?? null, limit: firstLimit }) }
  return (
    <>
      <PageTitle title={t.title} />
      <SearchForm typed={search.typed} onType={type} onAsk={go} onStop={cancel} running={search.running} hint />
      <Syntax />
      {search.recent.length > 1 && (
        <section className={classes.recent} aria-label={t.recent}>
          <span className={classes.facetName} title={t.recentHint} aria-hidden>{t.recent}</span>
          {search.recent.map(query => <Button key={query} variant="default" size="compact-sm" onClick={() => { go(query) }}>{visible(query)}</Button>)}
        </section>
      )}
      <Answer find={find} own={account} />
    </>
  )
}
