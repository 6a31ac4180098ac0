import type { ReactNode } from 'react'
import classes from './ValueTable.module.css'

interface Props {
  /** What the table has, for who does not see it at once. */
  label: string
  head: ReactNode[]
  /** The first of each row names it. */
  rows: ReactNode[][]
}

/** Values in rows; it scrolls within itself, also by keyboard. */
export function ValueTable({ label, head, rows }: Props) {
  return (
    <div className={classes.scroll} tabIndex={0} role="group" aria-label={label}>
      <table className={classes.table}>
        <thead><tr>{head.map((cell, at) => <th key={at} scope="col">{cell}</th>)}</tr></thead>
        <tbody>
          {rows.map((row, at) => <tr key={at}>{row.map((cell, column) => (column === 0 ? <th key={column} scope="row">{cell}</th> : <td key={column}>{cell}</td>))}</tr>)}
        </tbody>
      </table>
    </div>
  )
}
