import { useComputedColorScheme } from '@mantine/core'
import { useEffect, useRef } from 'react'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { extentOf, type Result } from './results'

const height = 260
const cap = 5

/** Bars for how many are in each class, dots for other numbers, each with its bar of error. */
export default function ResultPlot({ result, locale, labelOf }: { result: Result, locale: string, labelOf: (label: string) => string }) {
  const box = useRef<HTMLDivElement>(null)
  const scheme = useComputedColorScheme('light')
  const label = useRef(labelOf)
  label.current = labelOf
  useEffect(() => {
    const place = box.current
    if (!place) return
    const style = getComputedStyle(place)
    const [ink, line, accent, text] = ['--mantine-color-dimmed', '--salus-line', '--salus-accent', '--mantine-color-text'].map(name => style.getPropertyValue(name).trim())
    const number = new Intl.NumberFormat(locale, { maximumFractionDigits: 4 })
    const { estimates } = result
    const isHistogram = result.kind === 'histogram'
    const [low, high] = extentOf(estimates, isHistogram)
    const axis = { stroke: ink, ticks: { stroke: line }, font: '12px system-ui, sans-serif' }
    /** Labels that would run into each other are left out. */
    const shown = (width: number) => Math.max(1, Math.ceil(estimates.length * 90 / Math.max(90, width - 70)))
    const errors = (plot: uPlot) => {
      const { ctx } = plot
      ctx.save()
      ctx.strokeStyle = text!
      ctx.lineWidth = 1.5 * devicePixelRatio
      for (const [at, { value, error }] of estimates.entries()) {
        if (error === 0) continue
        const x = plot.valToPos(at, 'x', true)
        const [top, bottom] = [value + error, value - error].map(end => plot.valToPos(end, 'y', true)) as [number, number]
        const half = cap * devicePixelRatio
        ctx.beginPath()
        for (const [from, to] of [[[x, top], [x, bottom]], [[x - half, top], [x + half, top]], [[x - half, bottom], [x + half, bottom]]] as const) {
          ctx.moveTo(from[0], from[1])
          ctx.lineTo(to[0], to[1])
        }
        ctx.stroke()
      }
      ctx.restore()
    }
    const bars = uPlot.paths.bars?.({ size: [0.72, 120] })
    const plot = new uPlot({
      width: Math.max(200, place.clientWidth), height, legend: { show: false }, cursor: { show: false },
      scales: { x: { time: false, range: [-0.6, estimates.length - 0.4] }, y: { range: [low, high] } },
      axes: [
        {
          ...axis, grid: { show: false }, splits: () => estimates.map((_, at) => at),
          values: (self, at) => at.map(one => (one % shown(self.width) === 0 ? label.current(estimates[one]!.label).slice(0, 18) : '')),
        },
        { ...axis, grid: { stroke: line, width: 1 }, size: 64, values: (_, ticks) => ticks.map(tick => number.format(tick)) },
      ],
      series: [{}, isHistogram && bars
        ? { stroke: accent, fill: accent, width: 0, paths: bars, points: { show: false } }
        : { stroke: accent, paths: () => null, points: { show: true, size: 9, fill: accent } }],
      hooks: { draw: [errors] },
    }, [estimates.map((_, at) => at), estimates.map(({ value }) => value)], place)
    const sized = new ResizeObserver(() => { plot.setSize({ width: Math.max(200, place.clientWidth), height }) })
    sized.observe(place)
    return () => {
      sized.disconnect()
      plot.destroy()
    }
  }, [result, locale, scheme])
  return <div ref={box} />
}
