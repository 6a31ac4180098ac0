import { useCallback, useEffect, useRef, useState } from 'react'
import type { CoreFailure, ImportedRecord, StoredRecord } from '../../core/api'
import { asFailure, useCore } from '../../core/useCore'
import { noteSent } from '../../organisation/sent'
import { useSession } from '../../shell/session'
import { begun, keywordsOf, withReport, type UploadState } from '../upload'
import type { Chosen, UploadOptions } from './chosen'

export interface Stored { name: string, records: (Pick<StoredRecord, 'record' | 'partition' | 'bytes'> & Partial<ImportedRecord>)[], missing: string[], searchable: boolean, waiting: string | null }

export type Run =
  | { state: 'idle' }
  | { state: 'storing', name: string, at: number, of: number, upload: UploadState }
  /** `left`: what was not stored; the first of it is what `failure` is about. */
  | { state: 'ended', stored: Stored[], left: Chosen[], failure: CoreFailure | null }

/** One file after the other; a failure ends the run and leaves the rest to be tried again. */
export function useUploads() {
  const core = useCore()
  const { unfinished, setUnfinished } = useSession()
  const waiting = useRef(unfinished)
  waiting.current = unfinished
  const [run, setRun] = useState<Run>({ state: 'idle' })
  const stop = useRef<AbortController | null>(null)
  const stored = useRef<Stored[]>([])
  useEffect(() => () => { stop.current?.abort() }, [])

  const go = useCallback((files: Chosen[], options: UploadOptions) => {
    const abort = new AbortController()
    stop.current = abort
    const total = stored.current.length + files.length
    const all = async () => {
      for (const [at, chosen] of files.entries()) {
        let upload = begun
        const show = () => { setRun({ state: 'storing', name: chosen.file.name, at: total - files.length + at + 1, of: total, upload }) }
        show()
        try {
          stored.current = [...stored.current, await one(chosen, options, abort.signal, state => { upload = state(upload); show() })]
          const last = stored.current.at(-1)!
          if (last.missing.length > 0 || !last.searchable) setUnfinished(waiting.current + 1)
          const patient = options.for.trim()
          if (patient) noteSent(core, { id: last.records[0]?.record ?? last.name, patient, what: last.name, at: new Date(), missing: last.missing })
        } catch (problem) {
          const failure = asFailure(problem)
          // What was begun is kept with its plan and can be resumed, unless nothing was done at all.
          if (failure.error.kind !== 'cannot' && upload.stores.length > 0) setUnfinished(waiting.current + 1)
          setRun({ state: 'ended', stored: stored.current, left: files.slice(at), failure })
          return
        }
      }
      setRun({ state: 'ended', stored: stored.current, left: [], failure: null })
    }
    void all()

    async function one({ file, asImport }: Chosen, { partition, keywords, findable, for: mail, ownKey, key }: UploadOptions, signal: AbortSignal,
      change: (next: (state: UploadState) => UploadState) => void): Promise<Stored> {
      const common = { file, keywords: keywordsOf(keywords), findable, for: mail.trim() || null }
      const onReport = (report: Parameters<typeof withReport>[1]) => { change(state => withReport(state, report)) }
      if (asImport) {
        const answer = await core.call('import', common, { signal, onReport })
        return { name: file.name, records: answer.records, missing: answer.missing, searchable: answer.searchable, waiting: answer.waiting }
      }
      const answer = await core.call('put', { ...common, partition, sequenceKey: ownKey ? key : null }, { signal, onReport })
      return { name: file.name, records: [answer], missing: answer.missing, searchable: answer.searchable, waiting: answer.waiting }
    }
  }, [core, setUnfinished])

  const cancel = useCallback(() => { stop.current?.abort() }, [])
  const clear = useCallback(() => {
    stored.current = []
    setRun({ state: 'idle' })
  }, [])
  return { run, go, cancel, clear }
}
