import { Foreign } from '../parts/Foreign'
import classes from './search.module.css'

/** What servers did wrongly although the answer could be given: the core's own sentences. */
export function Notes({ title, notes }: { title: string, notes: string[] }) {
  if (notes.length === 0) return null
  return (
    <details className={classes.notes}>
      <summary>{title}</summary>
      <ul lang="en">{notes.map((note, at) => <li key={at}><Foreign text={note} /></li>)}</ul>
    </details>
  )
}
