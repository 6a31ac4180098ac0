import { Button } from '@mantine/core'
import { useMemo, useState } from 'react'
import type { Holding } from '../core/api'
import { Foreign } from '../parts/Foreign'
import { IconCloud, IconDatabase, IconShieldCheck } from '../parts/icons'
import { visible } from '../parts/visible'
import { useFormat, useText } from '../text'
import { entropyOf, fromBase64, hexLines, judged, looks } from './bytes'
import classes from './Evidence.module.css'
import { kindOfHolding, numberOf, type Party } from './holdings'

const icons = { cloud: IconCloud, trustee: IconShieldCheck, store: IconDatabase }

/** One server: what it holds, what it can learn, and the bytes. */
export function PartyPanel({ party }: { party: Party }) {
  const { evidence: t } = useText()
  const format = useFormat()
  const Icon = icons[party.role]
  const name = party.role === 'cloud' ? t.cloudName : visible(party.party)
  return (
    <section className={classes.party} aria-label={name}>
      <div className={classes.partyHead}>
        <span className={classes.icon}><Icon size={24} aria-hidden /></span>
        <div>
          <h3>{party.role === 'cloud' ? t.cloudName : <Foreign text={party.party} />}</h3>
          <p className={classes.dimmed}>{t.roles[party.role]}. {t.total}: {party.total > 0 ? format.bytes(party.total) : t.nothingHeld}</p>
        </div>
      </div>
      <p className={classes.learns}><strong>{t.learns}:</strong> {t.learn[party.role]}</p>
      <ul className={classes.holdings}>{party.holdings.map((holding, at) => <li key={at}><Bytes holding={holding} party={name} /></li>)}</ul>
    </section>
  )
}

const [first, step] = [256, 1024]

function Bytes({ holding, party }: { holding: Holding, party: string }) {
  const { evidence: t } = useText()
  const format = useFormat()
  const bytes = useMemo(() => fromBase64(holding.bytes), [holding.bytes])
  const kind = kindOfHolding(holding.what)
  const [open, setOpen] = useState(false)
  const [count, setCount] = useState(kind === 'fragment' ? 4096 + first : first)
  const title = kind === 'other' ? visible(holding.what) : `${t.what[kind]}${kind === 'fragment' ? ` ${numberOf(holding.what)}` : ''}`
  const body = judged(bytes, kind === 'fragment')
  // A header is measures and keys: how random that looks says nothing.
  const look = kind === 'header' || kind === 'other' ? null : looks(body)
  const behind = body !== bytes
  const bits = new Intl.NumberFormat(format.locale, { maximumFractionDigits: 2 })
  return (
    <div>
      <div className={classes.holdingHead}>
        <div>
          <p className={classes.what}>{title}{holding.total > 0 && <span className={classes.dimmed}> · {format.bytes(holding.total)}</span>}</p>
          <p className={classes.dimmed}>{t.explain[kind]}</p>
        </div>
        {bytes.length > 0 && (
          <Button variant="default" size="sm" aria-expanded={open} aria-label={`${open ? t.hide : t.show}: ${title}, ${party}`} onClick={() => { setOpen(!open) }}>{open ? t.hide : t.show}</Button>
        )}
      </div>
      {holding.failure && <p className={classes.failed}>{t.failed}: <span lang="en"><Foreign text={holding.failure} /></span></p>}
      {look && (
        <p className={classes.look}>
          <span className={classes.meter} aria-hidden><span style={{ inlineSize: `${entropyOf(body) / 8 * 100}%` }} data-look={look} /></span>
          {behind && `${t.behindHeader} `}{t.looks[look]} ({t.looksBits(bits.format(entropyOf(body)))})
        </p>
      )}
      {open && (
        <>
          <div className={classes.dump} tabIndex={0} role="group" aria-label={t.dump(title, party)}>
            <table>
              <thead><tr><th scope="col">{t.dumpHead.offset}</th><th scope="col">{t.dumpHead.hex}</th><th scope="col">{t.dumpHead.text}</th></tr></thead>
              <tbody>{hexLines(bytes, 0, count).map(line => <tr key={line.offset}><td>{line.offset}</td><td>{line.hex}</td><td>{line.text}</td></tr>)}</tbody>
            </table>
          </div>
          <p className={classes.dimmed}>
            {t.first(format.bytes(Math.min(count, bytes.length)), format.bytes(holding.total))}{' '}
            {count < bytes.length && <Button variant="subtle" size="compact-sm" onClick={() => { setCount(count + step) }}>{t.showMore}</Button>}
          </p>
        </>
      )}
    </div>
  )
}
