import { Button, Table, UnstyledButton } from '@mantine/core'
import { Fragment, useState } from 'react'
import { Panel } from '../../parts/Panel'
import { visible } from '../../parts/visible'
import { Foreign } from '../../parts/Foreign'
import { IconChevronDown } from '../../parts/icons'
import { useText } from '../../text'
import classes from './Fhir.module.css'
import type { Group } from './groups'
import { ResourceCard } from './ResourceCard'
import type { Speaker } from './say'

const first = 8
const step = 50

/** All resources of a kind, newest first; a row opens to all that it says. */
export function ResourceSection({ group, speaker }: { group: Group, speaker: Speaker }) {
  const { records: t } = useText()
  const [count, setCount] = useState(first)
  const [open, setOpen] = useState<string | null>(null)
  const left = group.rows.length - count
  const dated = group.rows.some(row => row.when !== '')
  return (
    <Panel title={`${visible(group.name)} (${group.rows.length})`}>
      <Table className={classes.table} verticalSpacing="sm">
        <Table.Thead><Table.Tr>{dated && <Table.Th className={classes.date}>{t.date}</Table.Th>}<Table.Th>{t.what}</Table.Th></Table.Tr></Table.Thead>
        <Table.Tbody>
          {group.rows.slice(0, count).map(row => (
            <Fragment key={row.key}>
              <Table.Tr>
                {dated && <Table.Td className={classes.date}>{row.when || t.noDate}</Table.Td>}
                <Table.Td>
                  <UnstyledButton className={classes.row} aria-expanded={open === row.key} onClick={() => { setOpen(open === row.key ? null : row.key) }}>
                    <span><span className={classes.title}><Foreign text={row.title} /></span>{row.brief && <span className={classes.brief}><Foreign text={row.brief} /></span>}</span>
                    <IconChevronDown size={18} aria-hidden className={classes.arrow} />
                  </UnstyledButton>
                  {open === row.key && <div className={classes.opened}><ResourceCard item={row.item} speaker={speaker} /></div>}
                </Table.Td>
              </Table.Tr>
            </Fragment>
          ))}
        </Table.Tbody>
      </Table>
      {left > 0 && <Button variant="subtle" mt="sm" onClick={() => { setCount(count + step) }}>{t.more(Math.min(step, left))}</Button>}
    </Panel>
  )
}
