import type { ReactNode } from 'react'
import type { PartitionName, Purpose, Role } from '../core/api'
import { Foreign } from '../parts/Foreign'
import { partitionName } from '../parts/partitionName'
import { useFormat, useText, type Catalogue, type Format } from '../text'
import { Filled } from '../text/Filled'
import classes from './sharing.module.css'

/** What is said of somebody who sees or adds: of a proposal, a grant, or what others have granted. */
export interface Said {
  mail: string
  organisation?: string | null
  role?: Role | null
  purpose?: Purpose | null
  partitions: PartitionName[]
  from: string
  until: string | null
  onlyNew?: boolean
}

/** A permission in words, from what it holds and not from anybody's sentence. `text` is one of the sentences of the catalogue. */
export function Sentence({ text, said, now }: { text: string, said: Said, now: Date }) {
  const { common, requests, sharing: t } = useText()
  const format = useFormat()
  const { mail, organisation, role, purpose, partitions, from, until } = said
  const address = addressOf(mail, requests)
  const strong = (part: ReactNode) => <strong>{part}</strong>
  return (
    <Filled
      text={text}
      parts={{
        person: strong(organisation ? <><Foreign text={organisation} /> (<Foreign text={address} />)</> : <Foreign text={address} />),
        role: role ? common.roles[role] : '',
        partitions: strong(partitions.length === 0 ? t.noPartition : <bdi>{format.list(partitions.map(name => partitionName(common, name)))}</bdi>),
        from: Date.parse(from) > now.getTime() ? t.fromDay(moment(from, format)) : said.onlyNew === undefined ? t.fromDay(format.day(from)) : t.fromNow,
        until: strong(until === null ? t.untilNoEnd : t.untilDay(moment(until, format))),
        purpose: purpose ? t.purposes[purpose] : '',
        history: said.onlyNew ? t.historyNew : t.historyWhole,
      }}
    />
  )
}

/** A mail address; somebody whose address this browser does not know goes by the account's number. */
export function addressOf(mail: string, { account }: Catalogue['requests']): string {
  const number = /^(?:(?:the )?account )?([0-9a-f]{32})$/.exec(mail)?.[1]
  return number === undefined ? mail : account(number)
}

/** A day; with the time when it is not the beginning of one. */
export function moment(time: string, format: Format): string {
  const date = new Date(time)
  return date.getHours() === 0 && date.getMinutes() === 0 ? format.day(date) : format.time(date)
}

export function SentenceText({ children }: { children: ReactNode }) {
  return <p className={classes.sentence}>{children}</p>
}
