import { visible } from '../../parts/visible'
import { useFormat, useText } from '../../text'
import type { UploadState } from '../upload'
import classes from './Add.module.css'

const [width, top, box] = [640, 128, 18]

/** The browser above, the stores below, and the fragments between them: each goes to its store when it has arrived there. */
export function Drawing({ upload }: { upload: UploadState }) {
  const { upload: t } = useText()
  const format = useFormat()
  const { stores } = upload
  const columns = Math.max(1, stores.length)
  const room = width / columns
  const perRow = Math.max(1, Math.floor((room - 28) / (box + 6)))
  const rows = Math.max(1, ...stores.map(store => Math.ceil(store.fragments.length / perRow)))
  const height = top + 60 + rows * (box + 6)
  const all = stores.flatMap(store => store.fragments).length
  return (
    <svg className={classes.drawing} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={t.drawing(format.list(stores.map(store => visible(store.name))))}>
      <rect className={classes.browser} x={width / 2 - 90} y={4} width={180} height={56} rx={12} />
      <text className={classes.label} x={width / 2} y={24} textAnchor="middle">{t.here}</text>
      {stores.map((store, column) => (
        <g key={store.name}>
          <path className={classes.way} d={`M${width / 2} 60 C ${width / 2} 96, ${(column + 0.5) * room} 84, ${(column + 0.5) * room} ${top}`} />
          <rect className={classes.store} x={column * room + 8} y={top} width={room - 16} height={height - top - 4} rx={12} />
          <text className={classes.label} x={(column + 0.5) * room} y={top + 24} textAnchor="middle">{visible(store.name)}</text>
        </g>
      ))}
      {stores.flatMap((store, column) => store.fragments.map((fragment, place) => {
        const inRow = Math.min(perRow, store.fragments.length - Math.floor(place / perRow) * perRow)
        const x = (column + 0.5) * room - inRow * (box + 6) / 2 + 3 + (place % perRow) * (box + 6)
        const y = top + 40 + Math.floor(place / perRow) * (box + 6)
        const step = Math.min(box + 2, 164 / Math.max(1, all))
        const from = { x: width / 2 - (all * step) / 2 + fragment.index * step, y: 34 }
        return (
          <g key={fragment.index} className={classes.fragment} data-landed={fragment.landed || undefined}
            style={{ transform: `translate(${fragment.landed ? x : from.x}px, ${fragment.landed ? y : from.y}px)` }}>
            <rect width={fragment.landed ? box : Math.min(box, step - 1)} height={box} rx={4} />
          </g>
        )
      }))}
    </svg>
  )
}
