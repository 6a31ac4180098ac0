import { expect, test } from 'vitest'
import { Core, type Response } from './client'

test('an operation that went on in spite of an alarm answers and tells of it', async () => {
  const worker = { postMessage: () => undefined, onmessage: null, onerror: null } as unknown as Worker
  const core = new Core(worker)
  let told = 0
  core.onAlarm = () => { told++ }
  const answer = (response: Response) => worker.onmessage?.({ data: response } as MessageEvent<Response>)
  const first = core.call('alarms.list', {})
  answer({ id: 1, ok: [], alarmed: true })
  expect(await first).toEqual([])
  expect(told).toBe(1)
  const second = core.call('alarms.list', {})
  answer({ id: 2, ok: [] })
  expect(await second).toEqual([])
  expect(told).toBe(1)
})
