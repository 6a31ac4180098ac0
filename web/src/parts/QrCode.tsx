import { useMemo } from 'react'
import qrcode from 'qrcode-generator'
import classes from './QrCode.module.css'

/** A QR code as one SVG path, black on white in every colour scheme so that cameras read it. `label` says what it holds. */
export function QrCode({ text, label, size = 176 }: { text: string, label: string, size?: number }) {
  const { path, side } = useMemo(() => draw(text), [text])
  return (
    <svg className={classes.code} width={size} height={size} viewBox={`0 0 ${side} ${side}`} role="img" aria-label={label} shapeRendering="crispEdges">
      <path d={path} fill="#000" />
    </svg>
  )
}

const margin = 4

function draw(text: string): { path: string, side: number } {
  const code = qrcode(0, 'M')
  code.addData(text)
  code.make()
  const count = code.getModuleCount()
  let path = ''
  for (let row = 0; row < count; row++)
    for (let column = 0; column < count; column++)
      if (code.isDark(row, column)) path += `M${column + margin} ${row + margin}h1v1h-1z`
  return { path, side: count + 2 * margin }
}
