import { useText } from '../text'
import classes from './search.module.css'

export function Syntax() {
  const { search: { syntax: t } } = useText()
  return (
    <details className={classes.syntax}>
      <summary>{t.title}</summary>
      <p>{t.intro}</p>
      <table>
        <thead><tr><th scope="col">{t.write}</th><th scope="col">{t.finds}</th></tr></thead>
        <tbody>{t.rows.map(({ write, finds }) => <tr key={write}><td><code>{write}</code></td><td>{finds}</td></tr>)}</tbody>
      </table>
    </details>
  )
}
