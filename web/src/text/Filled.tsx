import { Fragment, type ReactNode } from 'react'

/** `"{who} sees {what}"` with parts in the places of their names: a sentence keeps its own order of words in each language. */
export function Filled({ text, parts }: { text: string, parts: Record<string, ReactNode> }) {
  return <>{text.split(/\{(\w+)\}/).map((piece, i) => <Fragment key={i}>{i % 2 === 0 ? piece : parts[piece]}</Fragment>)}</>
}
