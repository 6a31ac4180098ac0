import { readFileSync, readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { data } from '../testing/data'
import { cdaDate } from './cdaDate'
import { personName } from './dicom/personName'
import { kindOf } from './kinds'
import { readAnswer } from './protocol'

describe('what a file is shown as', () => {
  const bytes = (text: string) => new TextEncoder().encode(text)
  test.each([
    ['a PDF whatever its type says', bytes('%PDF-1.7'), 'text/plain', 'a.txt', 'pdf'],
    ['C-CDA behind a style sheet', bytes('<?xml version="1.0"?><?xml-stylesheet href="a.xsl"?><ClinicalDocument xmlns="urn:hl7-org:v3">'), 'text/xml', 'a.xml', 'cda'],
    ['HTML that calls itself text', bytes('<!-- x --><!DOCTYPE html><p>'), 'text/plain', 'a.txt', 'html'],
    ['SVG as a picture', bytes('<svg xmlns="http://www.w3.org/2000/svg">'), 'image/svg+xml', 'a', 'svg'],
    ['HL7 by its name', bytes('MSH|^~\\&|'), '', 'a.hl7', 'text'],
    ['nothing for what is unknown', bytes('??'), 'application/octet-stream', 'a.bin', null],
  ])('%s', (_, start, type, name, kind) => { expect(kindOf(start, type, name)).toBe(kind) })

  test('the collected documents and images are known by their bytes', () => {
    const start = (path: string) => new Uint8Array(readFileSync(data(path)).subarray(0, 4096))
    for (const name of readdirSync(data('ccda'))) expect(kindOf(start(`ccda/${name}`), '', ''), name).toBe('cda')
    for (const name of readdirSync(data('images'))) expect(kindOf(start(`images/${name}`), '', ''), name).toBe('image')
    expect(kindOf(start('dicom/MR_small.dcm'), 'application/octet-stream', 'x')).toBe('dicom')
  })
})

describe('what a viewer answers', () => {
  test.each([
    [{ height: 12.2 }, { height: 13 }], [{ height: -5 }, { height: 0 }], [{ height: 1e9 }, { height: 20_000 }], [{ shown: true }, { shown: true }], [{ failure: 'damaged' }, { failure: 'damaged' }],
    [{ failure: '<b>' }, null], [{ height: '12' }, null], [{ height: Number.NaN }, null], [{ navigate: 'http://x' }, null], ['shown', null], [null, null], [{ shown: 'yes' }, null],
  ])('%j', (said, read) => { expect(readAnswer(said)).toEqual(read) })
})

test.each([['Doe^Jane^M^Dr.^Jr.', 'Dr. Jane M Doe Jr.'], ['Yamada^Tarou=山田^太郎', 'Tarou Yamada'], ['', ''], ['Anon', 'Anon']])('the name %s is said as %s', (name, said) => {
  expect(personName(name)).toBe(said)
})

test.each([['20120815103000-0400', '2012-08-15'], ['201208', '2012-08'], ['2012', '2012'], ['', ''], ['soon', '']])('the date %s is %s', (value, day) => { expect(cdaDate(value)).toBe(day) })
