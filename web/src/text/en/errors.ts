// What happened, what is safe, what to do: by kind, and more exactly by code where there is more to say.
export const errors = {
  alarm: 'Alarm',
  toAlarms: 'To the alarms',
  toLogin: 'Log in again',
  kinds: {
    cannot: { what: 'That cannot be done as things are.', safe: 'Nothing was changed.', advice: 'The details say what stands in the way.' },
    alarm: { what: 'A server handed out something that its author did not make.', safe: 'Nothing unverified was shown.', advice: '' },
    refused: { what: 'A server refused.', safe: 'Your records are unharmed.', advice: 'The details say which one and why. Try again later.' },
    unreachable: { what: 'A server does not answer.', safe: 'Nothing is lost.', advice: 'Check the connection of this device and try again.' },
    locked: { what: 'Salus is locked.', safe: 'Nobody can read anything here until you unlock it.', advice: 'Unlock it and do it again.' },
    cancelled: { what: 'Stopped.', safe: 'Nothing half done was left behind.', advice: '' },
    fault: { what: 'Salus made a mistake.', safe: 'Your records are unharmed.', advice: 'Try again. If it stays, start the page anew; the details help whoever looks after Salus.' },
  },
  alarms: {
    Integrity: {
      what: 'Something that came from a server is not what its author made.', safe: 'It was thrown away: nothing of it was shown, saved or used.',
      advice: 'Try again. If it happens again, tell whoever runs the server named in the details, and rely on copies from elsewhere until it is clear.',
    },
    KeyChanged: {
      what: 'Somebody’s keys are not those that this browser knows.', safe: 'Nothing was shared with the new keys.',
      advice: 'They may have made a new account; or somebody pretends to be them. Ask them by telephone or in person, and compare the fingerprint in Contacts.',
    },
    Rollback: {
      what: 'A server shows an older state than before.', safe: 'This browser remembers the newer one and keeps to it.',
      advice: 'Try again later. If it stays, the server has lost data or hides something: tell whoever runs it.',
    },
    Withheld: {
      what: 'A server keeps back something that must be there.', safe: 'What was shown is genuine, but it may not be all.',
      advice: 'Do not rely on a list being complete until this is settled. Try again later, and tell whoever runs the server.',
    },
    Downgrade: {
      what: 'A server asked for weaker protection than Salus accepts.', safe: 'Salus did not do it. Your passphrase and keys were not used.',
      advice: 'Do not go on with this server. Tell whoever runs it.',
    },
  },
  refused: {
    'no-session': { what: 'Your session at the cloud has ended.', safe: 'What is in this browser still opens.', advice: 'Log in again with a code by mail or a passkey.' },
    'code-refused': {
      what: 'The code was not accepted.', safe: 'Nothing was changed.',
      advice: 'It may be mistyped, used, older than ten minutes, or tried too often; or the mail address has no account, or has one already. Ask for a new code.',
    },
    'not-granted': { what: 'You have no access to this, or no longer.', safe: 'Nothing was shown.', advice: 'Ask its owner, if you need it.' },
    'not-yours': { what: 'The server does not take this from you.', safe: 'Nothing was changed.', advice: 'Reload, and try again if it is yours.' },
    'not-found': { what: 'It is not there, or not for you.', safe: 'Nothing was changed.', advice: 'It may have been deleted, or access has ended.' },
    conflict: { what: 'Something else was there first.', safe: 'Nothing was overwritten.', advice: 'Reload and look at how things stand now.' },
    replayed: { what: 'This was answered before.', safe: 'It was not done twice.', advice: 'Try again.' },
    'clock-skew': { what: 'The clock of this device is wrong by more than five minutes.', safe: 'Nothing was changed.', advice: 'Set the clock of this device and try again.' },
    misdirected: { what: 'The request reached another server than it was made for.', safe: 'It was refused there.', advice: 'Try again. If it stays, tell whoever runs Salus.' },
    'lock-closed': {
      what: 'The code came too late, or a wrong one was tried too often.', safe: 'The keys that waited for it are gone: nobody can use them.', advice: 'Ask the owner to share once more.',
    },
    'too-large': { what: 'It is larger than the server takes.', safe: 'Nothing was stored.', advice: 'Divide it, or leave something out.' },
    'too-many': { what: 'That was tried too often in a short time.', safe: 'Nothing was changed.', advice: 'Wait a few minutes and try again.' },
    'no-space': { what: 'There is no room left at the server.', safe: 'What was stored before is there.', advice: 'Delete what you do not need, or ask whoever runs Salus.' },
    internal: { what: 'The server made a mistake.', safe: 'Your records are unharmed.', advice: 'Try again in a while.' },
  },
  cannot: {
    'wrong-passphrase': { what: 'The passphrase is wrong.', safe: 'Nothing was changed.', advice: 'Look at capitals and blanks. If it is lost, your recovery kit opens the account.' },
    'wrong-passkey': { what: 'This passkey does not open the account.', safe: 'Nothing was changed.', advice: 'Take another passkey, the passphrase, or your recovery kit.' },
    'weak-passphrase': { what: 'The passphrase is too short.', safe: 'Nothing was changed.', advice: 'Take at least 12 characters, better five words.' },
    'wrong-kit': { what: 'This recovery kit does not fit.', safe: 'Nothing was changed.', advice: 'Compare it group by group. If you renewed the kit, only the newest one is good.' },
    'unknown-contact': { what: 'There is no account with this mail address.', safe: 'Nothing was shared.', advice: 'Look for a typing mistake, or ask the person to sign up.' },
    'own-address': { what: 'That is your own address.', safe: 'Nothing was changed.', advice: '' },
    'wrong-fingerprint': { what: 'The fingerprint is not the one that the cloud shows.', safe: 'Nothing was confirmed.', advice: 'Compare it once more with the person, digit by digit.' },
    'wrong-sequence-key': { what: 'The sequence key does not fit this record.', safe: 'Nothing was shown.', advice: 'Type it exactly as you chose it: capitals count.' },
    'too-few-stores': { what: 'Too few stores answer.', safe: 'What they hold is unharmed.', advice: 'Try again when more of them are back.' },
  },
  fault: {
    worker: { what: 'The part that keeps your keys has stopped.', safe: 'Its memory is gone, so nobody can read anything. Your records are unharmed.', advice: 'Start again.' },
    start: {
      what: 'Salus could not start in this browser.', safe: 'Your records are unharmed.',
      advice: 'Private windows and old browsers lack what it needs. Take a current Chrome, Edge, Firefox or Safari in an ordinary window, and start again.',
    },
    page: { what: 'This page made a mistake.', safe: 'Your records are unharmed.', advice: 'Load it again. The details help whoever looks after Salus.' },
  },
}
