import { useComputedColorScheme } from '@mantine/core'
import { useEffect, useRef } from 'react'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import type { Series } from './series'

/** More dots would be a band. */
const mostDots = 400

/** A line through the values, with dots where they are. */
export default function Plot({ series, locale }: { series: Series, locale: string }) {
  const box = useRef<HTMLDivElement>(null)
  const scheme = useComputedColorScheme('light')
  useEffect(() => {
    const place = box.current
    if (!place) return
    const style = getComputedStyle(place)
    const [ink, line, accent] = ['--mantine-color-dimmed', '--salus-line', '--salus-accent'].map(name => style.getPropertyValue(name).trim())
    const number = new Intl.NumberFormat(locale, { maximumFractionDigits: 3 })
    const span = series.points.at(-1)!.time - series.points[0]!.time
    const day = new Intl.DateTimeFormat(locale, span > 3 * 365 * 864e5 ? { year: 'numeric' } : span > 60 * 864e5 ? { month: 'short', year: '2-digit' } : { day: 'numeric', month: 'short' })
    const axis = { stroke: ink, grid: { stroke: line, width: 1 }, ticks: { stroke: line }, font: '12px system-ui, sans-serif' }
    const plot = new uPlot({
      width: Math.max(200, place.clientWidth), height: 240, legend: { show: false }, cursor: { show: false },
      scales: { x: { time: true }, y: { range: (_, low, high) => { const room = (high - low || Math.abs(high) || 1) * 0.12; return [low - room, high + room] } } },
      axes: [
        // Axis labels that would be the same are left out.
        { ...axis, values: (_, ticks) => ticks.map(tick => day.format(tick * 1000)).map((text, at, all) => (at > 0 && all[at - 1] === text ? '' : text)) },
        { ...axis, size: 60, values: (_, ticks) => ticks.map(tick => number.format(tick)) },
      ],
      series: [{}, { stroke: accent, width: 2, points: { show: series.points.length <= mostDots, size: 6, fill: accent } }],
    }, [series.points.map(point => point.time / 1000), series.points.map(point => point.value)], place)
    const sized = new ResizeObserver(() => { plot.setSize({ width: Math.max(200, place.clientWidth), height: 240 }) })
    sized.observe(place)
    return () => {
      sized.disconnect()
      plot.destroy()
    }
  }, [series, locale, scheme])
  return <div ref={box} />
}
