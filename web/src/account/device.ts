const browsers: [RegExp, string][] = [[/\bEdg\//, 'Edge'], [/\bOPR\//, 'Opera'], [/\b(Firefox|FxiOS)\//, 'Firefox'], [/\b(Chrome|CriOS|Chromium)\//, 'Chrome'], [/\bSafari\//, 'Safari']]
const systems: [RegExp, string][] = [[/iPhone/, 'iPhone'], [/iPad/, 'iPad'], [/Android/, 'Android'], [/CrOS/, 'ChromeOS'], [/Windows/, 'Windows'], [/Macintosh/, 'Mac'], [/Linux/, 'Linux']]

/** What this device is called in the list of devices, "Firefox, Linux": enough to recognise one's own, and no more. */
export function deviceName(userAgent: string): string {
  const named = [browsers, systems].map(names => names.find(([pattern]) => pattern.test(userAgent))?.[1]).filter(Boolean)
  return named.join(', ') || 'Browser'
}
