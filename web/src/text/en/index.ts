import { common } from './common'
import { shell } from './shell'
import { account } from './account'
import { home } from './home'
import { records } from './records'
import { upload } from './upload'
import { viewer } from './viewer'
import { evidence } from './evidence'
import { emergency } from './emergency'
import { search } from './search'
import { sharing } from './sharing'
import { requests } from './requests'
import { clinician } from './clinician'
import { organisation } from './organisation'
import { contacts } from './contacts'
import { settings } from './settings'
import { access } from './access'
import { storage } from './storage'
import { alarms } from './alarms'
import { errors } from './errors'

// One file for each area of the page. The other languages have the same keys: the compiler says what is missing.
export const en = { common, shell, account, home, records, upload, viewer, evidence, emergency, search, sharing, requests, clinician, organisation, contacts, settings, access, storage, alarms, errors }

/** A catalogue's texts: strings, or functions of what is said. */
type Widened<T> = { [K in keyof T]: T[K] extends string ? string : T[K] extends (...args: infer A) => string ? (...args: A) => string : Widened<T[K]> }

export type Catalogue = Widened<typeof en>
