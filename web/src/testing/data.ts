import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = process.env.SALUS_TEST_DATA ?? fileURLToPath(new URL('../../../../shared/data', import.meta.url))

/** A file or folder of the health data set: `SALUS_TEST_DATA`, else `../shared/data` beside the checkout. */
export function data(path: string): string {
  if (!existsSync(root)) throw new Error(`There is no test data in ${root}.`)
  return join(root, path)
}
