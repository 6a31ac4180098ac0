import { useComputedColorScheme } from '@mantine/core'
import { useContext, useEffect, useRef, useState } from 'react'
import { LanguageContext, useText } from '../text'
import { visible } from '../parts/visible'
import { readAnswer, type ToViewer, type ViewerFailure } from '../viewer/protocol'
import classes from './Viewer.module.css'

const patience = 20_000

/** Content of a record in the closed frame. It gets the bytes and the colours; it tells how high it is, and whether it could. */
export function Viewer({ content, mediaType, name }: { content: Blob, mediaType: string, name: string }) {
  const { viewer: t } = useText()
  const language = useContext(LanguageContext)
  const theme = useComputedColorScheme('light')
  const port = useRef<MessagePort | null>(null)
  const [height, setHeight] = useState(160)
  const [state, setState] = useState<'opening' | 'shown' | 'gone' | ViewerFailure>('opening')

  useEffect(() => {
    const timer = window.setTimeout(() => { setState(before => (before === 'opening' ? 'gone' : before)) }, patience)
    return () => { window.clearTimeout(timer) }
  }, [content])
  useEffect(() => () => { port.current?.close() }, [])
  useEffect(() => { port.current?.postMessage({ theme } satisfies ToViewer) }, [theme])

  const loaded = (frame: HTMLIFrameElement) => {
    // A frame that loads twice has gone somewhere else.
    if (port.current) {
      port.current.close()
      setState('gone')
      return
    }
    const channel = new MessageChannel()
    port.current = channel.port1
    channel.port1.onmessage = event => {
      const answer = readAnswer(event.data)
      if (!answer) return
      if ('height' in answer) setHeight(Math.max(48, answer.height))
      else setState('shown' in answer ? 'shown' : answer.failure)
    }
    // The frame has an opaque origin, which no address names.
    frame.contentWindow?.postMessage({ show: { content, mediaType, name: visible(name), theme, language } } satisfies ToViewer, '*', [channel.port2])
  }

  return (
    <div>
      <p className={classes.heard} role="status">{state === 'opening' ? t.opening : ''}</p>
      {state === 'gone'
        ? <p role="alert">{t.noAnswer}</p>
        : <iframe className={classes.frame} sandbox="allow-scripts" src="viewer.html" title={t.frame(visible(name))} style={{ blockSize: height }} onLoad={event => { loaded(event.currentTarget) }} />}
    </div>
  )
}
