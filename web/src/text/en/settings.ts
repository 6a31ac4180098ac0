export const settings = {
  title: 'Settings',
  identity: { title: 'You', text: 'Others compare this fingerprint with you, by telephone or in person, before they trust your keys.', yours: 'Your fingerprint' },
  look: { title: 'Language and appearance' },
  passkeys: {
    title: 'Passkeys', text: 'Each of them opens your account. One on a second device is a good reserve.', add: 'Add a passkey', name: 'Name',
    nameText: 'So that you recognise it in this list.', added: (day: string) => `added ${day}`,
    none: 'No passkey yet.', remove: (name: string) => `Remove ${name}`,
    removeTitle: 'Remove this passkey?', removeText: (name: string) => `“${name}” no longer opens your account. Be sure that another passkey, your passphrase or your recovery kit does.`,
  },
  passphrase: {
    title: 'Passphrase', text: 'A new one replaces the old one on every device. Records need not be sealed anew.', change: 'Choose a new passphrase', action: 'Save the passphrase',
    done: 'The new passphrase is in force.',
  },
  kit: {
    title: 'Recovery kit', text: 'The sheet that opens your account when all else is lost. A new one makes the old one void.', renew: 'Make a new sheet', renewTitle: 'Make a new recovery kit?',
    renewText: 'The sheet that you have now stays good until you have typed the end of the new one. Have a printer or a pen ready: the new one is shown once.', done: 'The new sheet is in force. Destroy the old one.',
  },
  devices: {
    title: 'Where you are logged in', text: 'Sessions with the servers. Ending one does not take away what that device has already opened.', unnamed: 'Unnamed device', here: 'this device',
    seen: (time: string) => `last seen ${time}`, since: (day: string) => `since ${day}`, end: 'End', endOf: (name: string) => `End the session of ${name}`,
    endTitle: 'End this session?', endText: 'That device has to log in again to reach the servers.',
  },
  phone: {
    title: 'Be found by telephone number',
    text: 'A doctor who knows your number can then learn whether records of yours carry a word such as a diagnosis, but only the words that you yourself marked as findable, and then '
      + 'ask you for access. Records are not shown to anybody. The number is never stored readable anywhere: three trustees turn it into a value that cannot be turned back.',
    none: 'You cannot be found by a number.', number: 'Telephone number', numberText: 'With the country code, for example +49 151 23456789.', set: 'Be found by this number',
    change: 'Use another number', remove: 'No longer be found',
    found: (n: number) => (n === 1 ? '1 record can be found.' : `${n} records can be found.`), words: 'By these words:', noWords: 'No record has words to be found by yet.',
    removeTitle: 'No longer be found?', removeText: 'The entries for your number are deleted. Access that you have given stays.',
  },
  leave: {
    title: 'Leave', text: 'Locking takes the keys out of memory. Logging out also ends the session with the servers; the sealed account stays in this browser.', logout: 'Log out',
    everywhere: 'Log out on all devices',
    everywhereTitle: 'Log out on all devices?', everywhereText: 'All sessions end, this one too. Every device has to log in again.', forget: 'Forget this browser',
  },
  about: {
    log: 'In the public log',
    standing: {
      newest: 'Yes, as everybody sees it. There is no newer one.', older: 'Yes. There is a newer page: load it anew when it is handed out.',
      development: 'No: a development build, of which the log knows nothing.', own: 'No: the cloud hosts another one. This one was checked on your own machine.',
      outdated: 'The cloud says that a newer one takes its place and that this one is not to be used any more. It was checked on your own machine: bring your Salus up to date.',
    },
    title: 'About this page', version: 'Version', page: 'Fingerprint of this page', unknown: 'not known', cloud: 'Cloud', development: '(a development build, signed by whoever built it)',
    fromCloud: 'This page comes from the cloud',
    fromCloudText: 'Its code is that of whoever runs the cloud, each time you load it: you trust them that it is the genuine Salus. If you do not want to, install Salus and start it '
      + 'with “salus open”: the same page then comes from your own machine.',
    fromClient: 'This page comes from your own machine',
    fromClientText: 'It was served by the installed Salus (“salus open”). The cloud has no way to slip other code to you.',
  },
}
