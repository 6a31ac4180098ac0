import { looksLikeDicom } from './dicom/magic'

export type Kind = 'image' | 'svg' | 'pdf' | 'dicom' | 'cda' | 'html' | 'text'

const types: [RegExp, Kind][] = [
  [/^image\/svg\+xml$/, 'svg'], [/^image\/(png|jpeg|gif|webp|bmp|avif)$/, 'image'], [/^application\/pdf$/, 'pdf'], [/^application\/dicom$/, 'dicom'],
  [/^(text\/html|application\/xhtml\+xml)$/, 'html'], [/^(text\/|application\/(.*\+)?(json|xml)$|application\/(hl7-v2|x-hl7|fhir\+ndjson|ndjson|rtf)$)/, 'text'],
]

const endings: [RegExp, Kind][] = [
  [/\.svg$/i, 'svg'], [/\.(png|jpe?g|gif|webp|bmp|avif)$/i, 'image'], [/\.pdf$/i, 'pdf'], [/\.(dcm|dicom)$/i, 'dicom'], [/\.x?html?$/i, 'html'],
  [/\.(txt|md|csv|tsv|json|ndjson|xml|ccda|cda|hl7|log|out|ya?ml)$/i, 'text'],
]

/** What a file is shown as: by its first bytes where they are sure, else by its type, else by its name; null for a download only. */
export function kindOf(start: Uint8Array, mediaType: string, name: string): Kind | null {
  if (looksLikeDicom(start)) return 'dicom'
  const head = new TextDecoder('latin1').decode(start.subarray(0, 2048))
  if (head.slice(0, 1024).includes('%PDF-')) return 'pdf'
  if (/^(\x89PNG\r\n|\xff\xd8\xff|GIF8|BM.{4}\0{4}|RIFF.{4}WEBP)/s.test(head)) return 'image'
  if (/<([A-Za-z0-9]+:)?ClinicalDocument[\s>]/.test(head)) return 'cda'
  const type = mediaType.split(';')[0]!.trim().toLowerCase()
  const said = types.find(([pattern]) => pattern.test(type))?.[1] ?? endings.find(([pattern]) => pattern.test(name))?.[1] ?? null
  if (said === 'text' && /^(﻿|\xef\xbb\xbf)?\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)?<(!doctype html|html)[\s>]/is.test(head)) return 'html'
  return said
}
